package io.orderstream.redrive;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import io.orderstream.redrive.RedriveService.DryRun.Bucket;

/**
 * Counts times in at most {@value #MOST_BUCKETS} buckets of the same length, from that of the first time to that of the last.
 * Each time is in exactly one. The length is a round one, such as five minutes.
 */
final class TimeHistogram {

    static final int MOST_BUCKETS = 12;

    private static final int[] ROUND_SECONDS = { 1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400 };

    private TimeHistogram() {
    }

    /**
     * Returns the buckets in the order of time, without any if there are no times.
     *
     * @param millis times in milliseconds since 1970, from then to the year 9999
     */
    static List<Bucket> of(long... millis) {
        if (millis.length == 0) {
            return List.of();
        }
        long first = Arrays.stream(millis).min().orElseThrow();
        long last = Arrays.stream(millis).max().orElseThrow();
        long length = 1_000L * seconds(first, last);
        long start = Math.floorDiv(first, length);
        int[] counts = new int[(int) (Math.floorDiv(last, length) - start) + 1];
        for (long time : millis) {
            counts[(int) (Math.floorDiv(time, length) - start)]++;
        }
        return IntStream.range(0, counts.length)
                .mapToObj(bucket -> new Bucket(Instant.ofEpochMilli((start + bucket) * length), counts[bucket])).toList();
    }

    /** Length of a bucket: beyond a day 2, 4, 8 days and so on. */
    private static long seconds(long first, long last) {
        long seconds = ROUND_SECONDS[0];
        for (int next = 1; Math.floorDiv(last, 1_000 * seconds)
                - Math.floorDiv(first, 1_000 * seconds) >= MOST_BUCKETS; next++) {
            seconds = next < ROUND_SECONDS.length ? ROUND_SECONDS[next] : 2 * seconds;
        }
        return seconds;
    }
}
