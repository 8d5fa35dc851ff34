package io.orderstream.redrive;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits a rate: dead letter k is due at start + k / rate. After a delay at most 100 ms worth of dead letters are
 * sent at once, so the rate holds over any few seconds. Not thread safe.
 */
final class RateLimiter {

    private static final Duration MOST_MADE_UP_FOR = Duration.ofMillis(100);
    private static final double NANOS = 1e9;

    private final Double ratePerSecond;
    private final LongSupplier nanoTime;
    private long start;
    private long sent;

    /** @param ratePerSecond null for no limit */
    RateLimiter(Double ratePerSecond, LongSupplier nanoTime) {
        this.ratePerSecond = ratePerSecond;
        this.nanoTime = nanoTime;
        restart();
    }

    /** Restarts the schedule now, without catching up. */
    void restart() {
        start = nanoTime.getAsLong();
        sent = 0;
    }

    /** Number of dead letters that may be sent now. */
    int due() {
        if (ratePerSecond == null) {
            return Integer.MAX_VALUE;
        }
        long now = nanoTime.getAsLong();
        // Shift the schedule by what is not caught up.
        start += Math.max(0, now - dueAt(sent) - MOST_MADE_UP_FOR.toNanos());
        double elapsed = (now - start) / NANOS;
        return (int) Math.max(0, Math.floor(elapsed * ratePerSecond) + 1 - sent);
    }

    /** Time until the next dead letter is due, zero if it is already. */
    Duration untilNext() {
        if (ratePerSecond == null) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(0, dueAt(sent) - nanoTime.getAsLong()));
    }

    void sent(int letters) {
        sent += letters;
    }

    private long dueAt(long letter) {
        return start + (long) (letter / ratePerSecond * NANOS);
    }
}
