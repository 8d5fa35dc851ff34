package io.orderstream.commit;

import java.time.Duration;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

/**
 * Decides of what is seen of a consumer, again and again, when it fails and when it no longer does, and logs one line for each.
 * A rebalance and a start take a while, and a poll may fail once: only what lasts is a failure. Thread safe.
 */
final class ConsumerTrouble {

    private static final Logger LOG = Logger.getLogger(ConsumerTrouble.class);

    private final String channel;
    private final String group;
    private final Duration failedFor;
    private final Duration joiningFor;
    private final Supplier<Duration> brokerPresent;
    private ConsumerState state = ConsumerState.NOT_STARTED;
    private long sinceNanos;
    private boolean failing;

    /**
     * @param failedFor how long polls must have failed
     * @param joiningFor how long there must have been no partition without an error, while the broker was there
     * @param brokerPresent time since the broker was last absent, zero while it is
     */
    ConsumerTrouble(String channel, String group, Duration failedFor, Duration joiningFor, Supplier<Duration> brokerPresent) {
        this.channel = channel;
        this.group = group;
        this.failedFor = failedFor;
        this.joiningFor = joiningFor;
        this.brokerPresent = brokerPresent;
    }

    /** The consumer was seen like this. */
    synchronized void seen(ConsumerState now, long nowNanos) {
        boolean wasWell = state.isWell() || state == ConsumerState.NOT_STARTED;
        state = now;
        if (now.isWell()) {
            ends(nowNanos);
            return;
        }
        if (wasWell) {
            sinceNanos = nowNanos;
        }
        if (!failing && isUnusual(nowNanos)) {
            failing = true;
            LOG.warnf("consumer fails: channel=%s group=%s seconds=%d reason=\"%s\"", channel, group,
                    lasting(nowNanos).toSeconds(), now.reason());
        }
    }

    private boolean isUnusual(long nowNanos) {
        Duration lasting = lasting(nowNanos);
        return state.kind() == ConsumerState.Kind.FAILING ? lasting.compareTo(failedFor) >= 0
                // Without an error it may just be that the broker is away, which is told elsewhere.
                : lasting.compareTo(joiningFor) >= 0 && brokerPresent.get().compareTo(joiningFor) >= 0;
    }

    private void ends(long nowNanos) {
        if (failing) {
            failing = false;
            LOG.infof("consumer works again: channel=%s group=%s seconds=%d", channel, group, lasting(nowNanos).toSeconds());
        }
    }

    private Duration lasting(long nowNanos) {
        return Duration.ofNanos(nowNanos - sinceNanos);
    }

    /** What the consumer does, as it was last seen. */
    synchronized ConsumerState state(long nowNanos) {
        return state.isWell() || state == ConsumerState.NOT_STARTED ? state
                : new ConsumerState(failing ? ConsumerState.Kind.FAILING : ConsumerState.Kind.JOINING, lasting(nowNanos),
                        state.reason());
    }
}
