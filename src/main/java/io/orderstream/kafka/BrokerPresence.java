package io.orderstream.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Decides by its answers whether the broker is away. Thread safe. */
final class BrokerPresence {

    private final Duration awayAfter;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private boolean hasAnswered;
    private long backNanos;
    private long lastNanos;
    private int brokers;
    private BrokerAbsence absence;

    /** @param awayAfter time without an answer that is no absence yet; only one that has never answered has no such time */
    BrokerPresence(Duration awayAfter, Clock clock, LongSupplier nanoTime) {
        this.awayAfter = awayAfter;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.lastNanos = nanoTime.getAsLong();
    }

    /** It has answered, and said how many brokers there are. */
    synchronized void answered(int count) {
        lastNanos = nanoTime.getAsLong();
        if (!hasAnswered || absence != null) {
            backNanos = lastNanos;
        }
        hasAnswered = true;
        absence = null;
        brokers = count;
    }

    /** It was asked, and there was no answer, for this reason. */
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

    /** How long it has been there without an absence, zero if it is away or has never answered. */
    synchronized Duration presentFor() {
        return hasAnswered && absence == null ? Duration.ofNanos(nanoTime.getAsLong() - backNanos) : Duration.ZERO;
    }

    /** Brokers of the cluster, 0 if it has never answered. */
    synchronized int brokers() {
        return brokers;
    }
}
