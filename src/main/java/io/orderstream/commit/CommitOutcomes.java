package io.orderstream.commit;

import java.util.concurrent.TimeUnit;

import org.jboss.logging.Logger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.orderstream.metrics.Metric;

/**
 * How the commits of a channel end, one after the other: how long each takes, and one log line when they begin to fail and one
 * when they succeed again. Not thread safe: confined to the event loop of the channel.
 */
final class CommitOutcomes {

    private static final Logger LOG = Logger.getLogger(TotalsCommit.class);

    private final Timer succeeded;
    private final Timer failed;
    private volatile long sinceNanos;
    private boolean failing;

    CommitOutcomes(MeterRegistry registry, String channel) {
        this.succeeded = Metric.COMMIT.timer(registry, channel, "success");
        this.failed = Metric.COMMIT.timer(registry, channel, "failure");
    }

    /** A commit is sent to the broker, or waits to be. May be called on any thread. */
    void begins() {
        sinceNanos = System.nanoTime();
    }

    /** @param failure null if it has succeeded */
    void ended(PendingCommit due, Throwable failure) {
        (failure == null ? succeeded : failed).record(System.nanoTime() - sinceNanos, TimeUnit.NANOSECONDS);
        if (failure == null && failing) {
            failing = false;
            LOG.info("commits succeed again");
        } else if (failure != null && !failing) {
            failing = true;
            LOG.warnf("commit failed, tried again at each interval: partitions=%s reason=\"%s\"", due.offsets().keySet(),
                    failure.getMessage());
        }
    }
}
