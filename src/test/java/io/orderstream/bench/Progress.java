package io.orderstream.bench;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How far a program is, seen from outside: often at the beginning and at the end, rarely in between, since each look may cost
 * it or the broker something.
 */
final class Progress {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final LongSupplier finished;
    private final long expected;
    private final Supplier<Moment> now;
    private final Runnable whenSeen;
    private Sample first;
    private Sample last;

    private record Sample(long finished, Moment moment) {
    }

    /**
     * @param finished how many records it has finished
     * @param expected how many there are
     * @param now what it has used
     * @param whenSeen called each time it is seen to have finished some
     */
    Progress(LongSupplier finished, long expected, Supplier<Moment> now, Runnable whenSeen) {
        this.finished = finished;
        this.expected = expected;
        this.now = now;
        this.whenSeen = whenSeen;
    }

    /**
     * Waits until it is done: from the first sight of a finished record to that of the last; what was finished at first sight
     * is not measured.
     */
    Measurement measure(GcLog gc) {
        await().atMost(Contender.PATIENCE).pollDelay(Duration.ZERO).pollInterval((count, previous) -> pause())
                .until(this::isDone);
        if (first.finished == last.finished) {
            throw new IllegalStateException("all records were finished at first sight: use more (-Dbench.scale)");
        }
        return Measurement.between(first.moment, last.moment, last.finished - first.finished, gc).with(Figure.ORDERS, expected);
    }

    private synchronized boolean isDone() {
        long count = finished.getAsLong();
        if (count > 0) {
            last = new Sample(count, now.get());
            first = first == null ? last : first;
            whenSeen.run();
        }
        return count >= expected;
    }

    /** Half of the time the rest is expected to take. */
    private synchronized Duration pause() {
        if (last == null || last.finished == first.finished) {
            return SHORTEST_PAUSE;
        }
        double perRecord = (double) (last.moment.nanos() - first.moment.nanos()) / (last.finished - first.finished);
        Duration half = Duration.ofNanos((long) (perRecord * Math.max(0, expected - last.finished) / 2));
        if (half.compareTo(SHORTEST_PAUSE) < 0) {
            return SHORTEST_PAUSE;
        }
        return half.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : half;
    }
}
