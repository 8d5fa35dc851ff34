package io.orderstream.outage;

import java.util.function.UnaryOperator;

import io.smallrye.mutiny.Uni;

/**
 * Tells a circuit breaker of SmallRye Fault Tolerance how calls have ended, without making them through it: an
 * interceptor around each costs more than the rest of the pipeline.
 * <p>
 * A circuit breaker keeps the last so many outcomes. While they are nothing but successes, one more changes nothing, and
 * it need not hear of it. Only {@link #isFullOfSuccesses} may be called by several threads at a time.
 */
final class CallWindow {

    private static final Uni<Void> SUCCESS = Uni.createFrom().voidItem();

    private final UnaryOperator<Uni<Void>> breaker;
    private final int size;
    /** Successes in a row until it holds nothing else. */
    private volatile int missing;

    /**
     * @param breaker a method with {@code @CircuitBreaker} that gives back its argument; its delay is 0
     * @param size how many outcomes it keeps
     */
    CallWindow(UnaryOperator<Uni<Void>> breaker, int size) {
        this.breaker = breaker;
        this.size = size;
        this.missing = size;
    }

    boolean isFullOfSuccesses() {
        return missing == 0;
    }

    /** The circuit breaker has forgotten everything. */
    void renew() {
        missing = size;
    }

    /** @param failure null for a success */
    void tell(Throwable failure) {
        missing = failure == null ? Math.max(0, missing - 1) : size;
        Uni<Void> outcome = failure == null ? SUCCESS : Uni.createFrom().failure(failure);
        breaker.apply(outcome).subscribe().with(ok -> {
        }, known -> {
        });
    }
}
