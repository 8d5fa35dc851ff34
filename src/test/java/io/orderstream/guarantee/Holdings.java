package io.orderstream.guarantee;

import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What a process holds: that which a leak makes grow.
 *
 * @param heap bytes of the objects that a full collection leaves
 * @param threads threads, those of its JVM included
 * @param files open file handles, sockets included
 * @param direct bytes of direct buffers
 */
record Holdings(long heap, long threads, long files, long direct) {

    static final String HEAD = "heapBytes,threads,files,directBytes";

    private static final double MOST_GROWTH = 1.05;
    /**
     * What comes and goes however long one waits: a pool's thread, a connection of the admin client or of a group that has been
     * idle and is replaced, and a buffer with an answer that is on its way. A leak of one for each fault is more than that.
     */
    private static final Holdings SLACK = new Holdings(1L << 20, 2, 3, 1L << 15);

    /** The least of each figure: a moment in which more was held says nothing. */
    Holdings least(Holdings other) {
        return new Holdings(Math.min(heap, other.heap), Math.min(threads, other.threads), Math.min(files, other.files),
                Math.min(direct, other.direct));
    }

    /** The most that may be held later by who holds this now. */
    Holdings limit() {
        return new Holdings(limit(Holdings::heap), limit(Holdings::threads), limit(Holdings::files), limit(Holdings::direct));
    }

    private long limit(ToLongFunction<Holdings> figure) {
        return (long) (figure.applyAsLong(this) * MOST_GROWTH) + figure.applyAsLong(SLACK);
    }

    /** Whether no figure is above that of another. */
    boolean isWithin(Holdings limit) {
        return Stream.<ToLongFunction<Holdings>> of(Holdings::heap, Holdings::threads, Holdings::files, Holdings::direct)
                .allMatch(figure -> figure.applyAsLong(this) <= figure.applyAsLong(limit));
    }

    /** A part of a line with {@link #HEAD}. */
    String csv() {
        return heap + "," + threads + "," + files + "," + direct;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "heap=%.2fMB threads=%d files=%d direct=%.2fMB", heap / 1e6, threads, files,
                direct / 1e6);
    }
}
