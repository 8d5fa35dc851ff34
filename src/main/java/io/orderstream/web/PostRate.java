package io.orderstream.web;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds a rate: so many a second, at first and after a pause those of one second at once. Its state is one number, whoever
 * asks. Thread safe.
 */
final class PostRate {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long interval;
    /** When the next one would be due if they came at regular intervals, in nanoseconds. */
    private final AtomicLong next;

    /** @param now as of {@link System#nanoTime()} */
    PostRate(int perSecond, long now) {
        this.interval = SECOND / perSecond;
        this.next = new AtomicLong(now - SECOND);
    }

    /** Whether one more may come now, which is counted then. */
    boolean take(long now) {
        while (true) {
            long due = next.get();
            long earliest = now - SECOND + interval;
            long counted = due - earliest < 0 ? earliest : due;
            if (counted - now > 0) {
                return false;
            }
            if (next.compareAndSet(due, counted + interval)) {
                return true;
            }
        }
    }
}
