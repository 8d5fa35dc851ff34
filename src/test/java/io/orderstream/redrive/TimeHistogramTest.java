package io.orderstream.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.orderstream.redrive.RedriveService.DryRun.Bucket;

class TimeHistogramTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    @ParameterizedTest
    @CsvSource({ "PT0S, 1, PT1S", "PT11.999S, 12, PT1S", "PT12S, 3, PT5S", "PT59M59S, 12, PT5M", "PT1H, 7, PT10M",
            "PT11H, 12, PT1H", "P6D, 7, P1D", "P12D, 7, P2D", "P365D, 12, P32D" })
    void shouldHaveNoMoreThanTwelveBucketsOfARoundLength(Duration span, int buckets, Duration length) {
        // When
        List<Bucket> found = TimeHistogram.of(NOON.toEpochMilli(), NOON.plus(span).toEpochMilli());

        // Then
        assertThat(found.size()).isLessThanOrEqualTo(12);
        assertThat(found).hasSizeBetween(buckets - 1, buckets);
        for (int i = 1; i < found.size(); i++) {
            assertThat(Duration.between(found.get(i - 1).from(), found.get(i).from())).isEqualTo(length);
        }
    }

    @Test
    void shouldHaveNoBucketOfNothing() {
        assertThat(TimeHistogram.of()).isEmpty();
    }

    @Test
    void shouldShowBucketsWithoutAnyInBetween() {
        assertThat(TimeHistogram.of(NOON.toEpochMilli() + 7_999, NOON.toEpochMilli() + 5_000, NOON.toEpochMilli() + 5_001))
                .containsExactly(new Bucket(NOON.plusSeconds(5), 2),
                        new Bucket(NOON.plusSeconds(6), 0), new Bucket(NOON.plusSeconds(7), 1));
    }

    @Test
    void shouldPutEachTimeIntoExactlyOneBucketWhateverTheTimesAre() {
        // Given
        Random random = new Random(17);
        for (int round = 0; round < 1_000; round++) {
            long start = random.nextLong(LAST.toEpochMilli());
            long span = 1 + random.nextLong(Math.max(1, (LAST.toEpochMilli() - start) >> random.nextInt(40)));
            long[] times = LongStream.generate(() -> start + random.nextLong(span)).limit(1 + random.nextInt(100)).toArray();

            // When
            List<Bucket> found = TimeHistogram.of(times);

            // Then
            assertThat(found).hasSizeBetween(1, 12);
            for (int i = 0; i < found.size(); i++) {
                long from = found.get(i).from().toEpochMilli();
                long until = i + 1 < found.size() ? found.get(i + 1).from().toEpochMilli() : Long.MAX_VALUE;
                assertThat(found.get(i).count())
                        .isEqualTo((int) Arrays.stream(times).filter(time -> time >= from && time < until).count());
            }
            assertThat(found.stream().mapToInt(Bucket::count).sum()).isEqualTo(times.length);
        }
    }
}
