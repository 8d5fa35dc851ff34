package io.orderstream.redrive;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps a rate: letter k is due at start + k / rate. Of what was missed in a hold-up only a tenth of a second is made up for,
 * so that the rate is kept in any stretch of some seconds. Not thread safe.
 */
final class RateLimiter {

    private static final Duration MOST_MADE_UP_FOR = Duration.ofMillis(100);
    private static final double NANOS = 1e9;

    private final Double ratePerSecond;
    private final LongSupplier nanoTime;
    private long start;
    private long sent;

    /**
     * @param ratePerSecond null for no limit
     * @param nanoTime the clock, in nanoseconds
     */
    RateLimiter(Double ratePerSecond, LongSupplier nanoTime) {
        this.ratePerSecond = ratePerSecond;
        this.nanoTime = nanoTime;
        restart();
    }

    /** Counts from now on, so that nothing is made up for. */
    void restart() {
        start = nanoTime.getAsLong();
        sent = 0;
    }

    /** Letters that may be sent now. */
    int due() {
        if (ratePerSecond == null) {
            return Integer.MAX_VALUE;
        }
        long now = nanoTime.getAsLong();
        // Later letters are due so much later.
        start += Math.max(0, now - dueAt(sent) - MOST_MADE_UP_FOR.toNanos());
        double elapsed = (now - start) / NANOS;
        return (int) Math.max(0, Math.floor(elapsed * ratePerSecond) + 1 - sent);
    }

    /** Time until the next letter is due, zero if one is. */
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
