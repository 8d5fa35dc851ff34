package io.orderstream.tracker;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.faulttolerance.CircuitBreaker;

import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;

/** The circuit breaker that counts how the calls of the {@link ItemOrderHandler} end, as {@code OrderCalls} does for orders. */
@ApplicationScoped
public class TrackerCalls {

    /** @return the outcome it is told */
    @CircuitBreaker(requestVolumeThreshold = 20, failureRatio = 0.5, delay = 0, failOn = Throwable.class)
    @CircuitBreakerName(OrderTracker.PIPELINE)
    public Uni<Void> ended(Uni<Void> outcome) {
        return outcome;
    }
}
