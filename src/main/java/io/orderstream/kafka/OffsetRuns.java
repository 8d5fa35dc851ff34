package io.orderstream.kafka;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An immutable set of offsets, stored as ascending, disjoint runs.
 * <p>
 * The text is the lengths of gap, run, gap, run and so on from an origin, in base 36, separated by dots. With origin
 * 100, {@code 1.4.1.a} is the offsets 101 to 104 and 106 to 115. An unfinished record among many finished ones takes
 * four or five characters.
 */
public final class OffsetRuns {

    public static final OffsetRuns NONE = new OffsetRuns(new long[0]);

    private static final int RADIX = 36;
    private static final int INITIAL_CAPACITY = 16;

    /** Bounds of the runs in turn: first offset (inclusive), end offset (exclusive). */
    private final long[] bounds;

    private OffsetRuns(long[] bounds) {
        this.bounds = bounds;
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** How many offsets there are. */
    public long size() {
        long size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i];
        }
        return size;
    }

    public boolean contains(long offset) {
        if (bounds.length == 0 || offset < bounds[0] || offset >= bounds[bounds.length - 1]) {
            return false;
        }
        int found = Arrays.binarySearch(bounds, offset);
        int boundsNotAbove = found < 0 ? -found - 1 : found + 1;
        return boundsNotAbove % 2 == 1;
    }

    /** Adds the offsets from {@code from} on to a builder that has only lower ones. */
    public void addTo(Builder builder, long from) {
        for (int i = 0; i < bounds.length; i += 2) {
            builder.add(Math.max(bounds[i], from), bounds[i + 1]);
        }
    }

    /** Returns all offsets in ascending order. */
    public LongStream offsets() {
        return IntStream.range(0, bounds.length / 2)
                .mapToObj(run -> LongStream.range(bounds[2 * run], bounds[2 * run + 1]))
                .flatMapToLong(run -> run);
    }

    /** @param origin at most the first offset */
    public String write(long origin) {
        StringBuilder text = new StringBuilder();
        long last = origin;
        for (long bound : bounds) {
            append(text.append(text.isEmpty() ? "" : "."), bound - last);
            last = bound;
        }
        return text.toString();
    }

    /** As {@link Long#toString(long, int)} writes it, which would allocate 128 bytes for it. */
    private static void append(StringBuilder text, long length) {
        if (length >= RADIX) {
            append(text, length / RADIX);
        }
        text.append(Character.forDigit((int) (length % RADIX), RADIX));
    }

    /** How many characters {@link #write(long)} has at least: each length takes a digit, and all but the first a dot. */
    public long leastLength() {
        return 2L * bounds.length - 1;
    }

    /**
     * @param origin the origin it was written with
     * @throws IllegalArgumentException if the text has not the format of {@link #write(long)}
     */
    public static OffsetRuns read(long origin, String text) {
        String[] lengths = text.split("\\.", -1);
        if (lengths.length % 2 != 0) {
            throw new IllegalArgumentException("a run without an end");
        }
        Builder runs = new Builder();
        long last = origin;
        for (int i = 0; i < lengths.length; i += 2) {
            long start = Math.addExact(last, length(lengths[i], i == 0 ? 0 : 1));
            last = Math.addExact(start, length(lengths[i + 1], 1));
            runs.add(start, last);
        }
        return runs.build();
    }

    private static long length(String text, long least) {
        long length = Long.parseLong(text, RADIX);
        if (length < least) {
            throw new IllegalArgumentException("a length of " + length);
        }
        return length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OffsetRuns that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return Arrays.toString(bounds);
    }

    /** Builds a set from runs in ascending order. */
    public static final class Builder {

        private long[] bounds = new long[INITIAL_CAPACITY];
        private int size;

        /**
         * Adds a run after all previous ones. It is merged with the last if they touch, and ignored if it is empty.
         *
         * @param start first offset (inclusive)
         * @param end end offset (exclusive)
         */
        public Builder add(long start, long end) {
            if (end <= start) {
                return this;
            }
            if (size > 0 && bounds[size - 1] == start) {
                bounds[size - 1] = end;
                return this;
            }
            if (size == bounds.length) {
                bounds = Arrays.copyOf(bounds, size * 2);
            }
            bounds[size++] = start;
            bounds[size++] = end;
            return this;
        }

        public OffsetRuns build() {
            return size == 0 ? NONE : new OffsetRuns(Arrays.copyOf(bounds, size));
        }
    }
}
