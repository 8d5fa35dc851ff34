package io.orderstream.deadletter;

import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Number of dead letters in the last hour and in the hour before.
 *
 * @param lastHour dead letters of the last 60 minutes
 * @param hourBefore dead letters of the 60 minutes before
 */
public record Trend(int lastHour, int hourBefore) {

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

    /** Counts dead letters of the last two hours in buckets of five minutes. Not thread safe. */
    static final class Meter {

        private final NavigableMap<Long, Integer> buckets = new TreeMap<>();

        /**
         * @param at time of the dead letter; a time in the future, by another clock, counts as now
         * @param now the current time
         */
        void count(Instant at, Instant now) {
            buckets.merge(Math.min(bucket(at), bucket(now)), 1, Integer::sum);
            buckets.headMap(bucket(now) - BUCKETS, true).clear();
        }

        Trend at(Instant now) {
            long last = bucket(now);
            return new Trend(sum(last - BUCKETS_PER_HOUR, last), sum(last - BUCKETS, last - BUCKETS_PER_HOUR));
        }

        private int sum(long behind, long last) {
            return buckets.subMap(behind, false, last, true).values().stream().mapToInt(Integer::intValue).sum();
        }

        private static long bucket(Instant time) {
            return Math.floorDiv(time.getEpochSecond(), BUCKET_SECONDS);
        }
    }
}
