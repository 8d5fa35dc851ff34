package io.orderstream.bench;

import java.time.Duration;

/**
 * How far an instance is, seen through its API: often at the beginning and at the end, rarely in between, since each
 * look costs the instance two requests to the broker.
 */
final class Progress {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final Orderstream.Instance instance;
    private final long records;
    private Sample first;
    private Sample last;

    private record Sample(long processed, long nanos, Duration cpu) {
    }

    /** @param records how many it has to count */
    Progress(Orderstream.Instance instance, long records) {
        this.instance = instance;
        this.records = records;
    }

    /** Looks again. */
    synchronized boolean isDone() {
        long processed = instance.processed();
        if (processed > 0) {
            last = new Sample(processed, System.nanoTime(), ProcessFigures.cpu(instance.process().handle()));
            first = first == null ? last : first;
        }
        return processed >= records;
    }

    /** Half of the time the rest is expected to take. */
    synchronized Duration pause() {
        if (last == null || last.processed == first.processed) {
            return SHORTEST_PAUSE;
        }
        double perRecord = (double) (last.nanos - first.nanos) / (last.processed - first.processed);
        Duration half = Duration.ofNanos((long) (perRecord * Math.max(0, records - last.processed) / 2));
        if (half.compareTo(SHORTEST_PAUSE) < 0) {
            return SHORTEST_PAUSE;
        }
        return half.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : half;
    }

    /** From the first sight of a counted order to that of the last; what was counted at first sight is not measured. */
    synchronized Measurement measurement() {
        if (first.processed == last.processed) {
            throw new IllegalStateException("all orders were counted at first sight: use more (-Dbench.records)");
        }
        return Measurement.of(last.processed - first.processed, (last.nanos - first.nanos) / 1e9,
                last.cpu.minus(first.cpu).toNanos() / 1e9, ProcessFigures.peakMegabytes(instance.process().handle()));
    }
}
