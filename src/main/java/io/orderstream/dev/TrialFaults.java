package io.orderstream.dev;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.order.FaultInjection;
import io.orderstream.order.Order;
import io.orderstream.order.PoisonOrderException;
import io.orderstream.record.UnavailableException;
import io.quarkus.arc.profile.IfBuildProfile;

/**
 * The faults one can try out in dev mode: the dependency of the order handler is away for some time, and orders can never
 * succeed. The id of the latter tells, so that they remain so after a restart. Thread safe.
 */
@IfBuildProfile("dev")
@ApplicationScoped
class TrialFaults implements FaultInjection {

    /** What the id of an order begins with that can never succeed. */
    static final String POISON = "poison-";

    /** As a service says that is soon there again: the outage begins with the first call, and each second has a probe. */
    private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(1);

    private volatile Instant outageUntil = Instant.EPOCH;

    /** From now on every call fails, for so long. */
    void takeDependencyAway(Duration time) {
        outageUntil = Instant.now().plus(time);
    }

    /** Until when every call fails; null if none does. */
    Instant outageUntil() {
        Instant until = outageUntil;
        return until.isAfter(Instant.now()) ? until : null;
    }

    @Override
    public RuntimeException faultOf(Order order) {
        Instant until = outageUntil();
        if (until != null) {
            return new UnavailableException("the dependency was taken away to try it out, until "
                    + until.truncatedTo(ChronoUnit.SECONDS), TRY_AGAIN_AFTER);
        }
        return order.getOrderId().startsWith(POISON)
                ? new PoisonOrderException("poison to try it out: order " + order.getOrderId() + " can never succeed")
                : null;
    }
}
