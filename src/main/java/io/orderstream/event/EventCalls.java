package io.orderstream.event;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.faulttolerance.CircuitBreaker;

import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;

/** The circuit breaker that counts how the calls of the {@link EventHandler}s end, as {@code OrderCalls} does for orders. */
@ApplicationScoped
public class EventCalls {

    /** @return the outcome it is told */
    @CircuitBreaker(requestVolumeThreshold = 20, failureRatio = 0.5, delay = 0, failOn = Throwable.class)
    @CircuitBreakerName(EventProcessor.PIPELINE)
    public Uni<Void> ended(Uni<Void> outcome) {
        return outcome;
    }
}
