package io.orderstream.order;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.faulttolerance.CircuitBreaker;

import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;

/**
 * The circuit breaker that counts how the calls of the {@link OrderHandler} end. application.properties binds its window
 * and its ratio to the settings {@code OUTAGE_WINDOW} and {@code OUTAGE_FAILURE_RATIO}.
 */
@ApplicationScoped
public class OrderCalls {

    /**
     * Told how a call has ended. Open, it takes the next outcome as that of a probe: when one is made is up to
     * {@link io.orderstream.outage.OutageBreaker}, whose delay grows.
     *
     * @param outcome of a call that has ended, and not with a failure that is the order's own
     * @return the same
     */
    @CircuitBreaker(requestVolumeThreshold = 20, failureRatio = 0.5, delay = 0, failOn = Throwable.class)
    @CircuitBreakerName(OrderProcessor.PIPELINE)
    public Uni<Void> ended(Uni<Void> outcome) {
        return outcome;
    }
}
