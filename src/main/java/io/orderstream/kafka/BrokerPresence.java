package io.orderstream.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Determines from the results of periodic requests whether the broker is absent. Thread safe. */
final class BrokerPresence {

    private final Duration awayAfter;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private boolean hasAnswered;
    private long backNanos;
    private long lastNanos;
    private int brokers;
    private BrokerAbsence absence;

    /** @param awayAfter silence after which the broker is absent; at once if it has never answered */
    BrokerPresence(Duration awayAfter, Clock clock, LongSupplier nanoTime) {
        this.awayAfter = awayAfter;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.lastNanos = nanoTime.getAsLong();
    }

    /** A request was answered, with the number of brokers. */
    synchronized void answered(int count) {
        lastNanos = nanoTime.getAsLong();
        if (!hasAnswered || absence != null) {
            backNanos = lastNanos;
        }
        hasAnswered = true;
        absence = null;
        brokers = count;
    }

    /** A request failed. */
    synchronized void failed(String reason) {
        Duration silence = Duration.ofNanos(nanoTime.getAsLong() - lastNanos);
        if (absence != null) {
            absence = new BrokerAbsence(absence.since(), reason);
        } else if (!hasAnswered || silence.compareTo(awayAfter) >= 0) {
            absence = new BrokerAbsence(clock.instant().minus(silence), reason);
        }
    }

    synchronized Optional<BrokerAbsence> absence() {
        return Optional.ofNullable(absence);
    }

    /** Time since the last absence, zero if it is absent or has never answered. */
    synchronized Duration presentFor() {
        return hasAnswered && absence == null ? Duration.ofNanos(nanoTime.getAsLong() - backNanos) : Duration.ZERO;
    }

    /** Number of brokers in the cluster, 0 if none has answered yet. */
    synchronized int brokers() {
        return brokers;
    }
}
