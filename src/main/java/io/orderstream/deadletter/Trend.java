package io.orderstream.deadletter;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Number of dead letters in the last two hours.
 *
 * @param lastHour dead letters of the last 60 minutes
 * @param hourBefore dead letters of the 60 minutes before
 * @param buckets the same for each five minutes, the latest last
 */
public record Trend(int lastHour, int hourBefore, List<Integer> buckets) {

    private static final int BUCKET_SECONDS = 5 * 60;
    private static final int BUCKETS_PER_HOUR = 12;
    private static final int BUCKETS = 2 * BUCKETS_PER_HOUR;
    /** A difference of up to a tenth counts as none. */
    private static final int NOTABLE = 10;

    /** {@code rising}, {@code falling}, or {@code steady} while both hours differ by no more than a tenth. */
    @JsonProperty
    public String direction() {
        if (Math.abs((long) lastHour - hourBefore) * NOTABLE <= Math.max(lastHour, hourBefore)) {
            return "steady";
        }
        return lastHour > hourBefore ? "rising" : "falling";
    }

    private static Trend of(int[] counts) {
        return new Trend(Arrays.stream(counts, BUCKETS_PER_HOUR, BUCKETS).sum(),
                Arrays.stream(counts, 0, BUCKETS_PER_HOUR).sum(), Arrays.stream(counts).boxed().toList());
    }

    /**
     * Counts dead letters of the last two hours in buckets of five minutes, in 150 bytes however many there are. Not thread
     * safe.
     */
    static final class Meter {

        /** The latest last. */
        private final int[] counts = new int[BUCKETS];
        /** Of the last count, in five minutes since 1970. */
        private long last = Long.MIN_VALUE;

        /**
         * @param at time of the dead letter; a time in the future, by another clock, counts as now
         * @param now the current time
         */
        void count(Instant at, Instant now) {
            shift(now);
            long ago = Math.max(0, last - bucket(at));
            if (ago < BUCKETS) {
                counts[BUCKETS - 1 - (int) ago]++;
            }
        }

        Trend at(Instant now) {
            shift(now);
            return Trend.of(counts);
        }

        /** A clock that is set back changes nothing. */
        private void shift(Instant now) {
            long current = bucket(now);
            if (current > last) {
                int passed = last == Long.MIN_VALUE ? BUCKETS : (int) Math.min(BUCKETS, current - last);
                System.arraycopy(counts, passed, counts, 0, BUCKETS - passed);
                Arrays.fill(counts, BUCKETS - passed, BUCKETS, 0);
                last = current;
            }
        }

        private static long bucket(Instant time) {
            return Math.floorDiv(time.getEpochSecond(), BUCKET_SECONDS);
        }
    }
}
