package io.orderstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetRunsTest {

    @Test
    void shouldListItsOffsets() {
        assertThat(OffsetRuns.NONE.offsets()).isEmpty();
        assertThat(new OffsetRuns.Builder().add(3, 5).add(9, 10).build().offsets()).containsExactly(3L, 4L, 9L);
    }

    @Test
    void shouldWriteTheLengthsOfGapsAndRuns() {
        // Given
        OffsetRuns runs = new OffsetRuns.Builder().add(101, 105).add(106, 116).build();

        // Then
        assertThat(runs.write(100)).isEqualTo("1.4.1.a");
        assertThat(OffsetRuns.read(100, "1.4.1.a")).isEqualTo(runs);
        assertThat(OffsetRuns.NONE.write(100)).isEmpty();
    }

    @Test
    void shouldWriteLengthsOfAnySizeInBase36() {
        for (long length : new long[] { 1, 35, 36, 37, 1_295, 1_296, 5_000_000_000L, Long.MAX_VALUE - 100 }) {
            // When
            OffsetRuns runs = new OffsetRuns.Builder().add(100, 100 + length).build();

            // Then
            assertThat(runs.write(100)).isEqualTo("0." + Long.toString(length, 36));
            assertThat(runs.leastLength()).isEqualTo(3);
        }
    }

    @Test
    void shouldJoinRunsThatTouchAndLeaveOutEmptyOnes() {
        // When
        OffsetRuns runs = new OffsetRuns.Builder().add(5, 5).add(7, 9).add(9, 12).add(20, 19).add(30, 31).build();

        // Then
        assertThat(runs).isEqualTo(new OffsetRuns.Builder().add(7, 12).add(30, 31).build());
        assertThat(new OffsetRuns.Builder().add(5, 5).build().isEmpty()).isTrue();
    }

    @Test
    void shouldContainExactlyWhatWasPutInAndSurviveTheText() {
        for (int seed = 0; seed < 300; seed++) {
            // Given
            Random random = new Random(seed);
            long origin = random.nextLong() >>> 2;
            SortedSet<Long> offsets = new TreeSet<>();
            OffsetRuns.Builder builder = new OffsetRuns.Builder();
            long end = origin;
            for (int run = random.nextInt(60); run > 0; run--) {
                long start = end + random.nextInt(4);
                end = start + random.nextInt(5);
                builder.add(start, end);
                for (long offset = start; offset < end; offset++) {
                    offsets.add(offset);
                }
            }

            // When
            OffsetRuns runs = OffsetRuns.NONE;
            if (!offsets.isEmpty()) {
                runs = OffsetRuns.read(origin, builder.build().write(origin));
            }
            long middle = origin + (end - origin) / 2;
            OffsetRuns.Builder upper = new OffsetRuns.Builder();
            runs.addTo(upper, middle);

            // Then
            for (long offset = origin - 2; offset < end + 2; offset++) {
                assertThat(runs.contains(offset)).as("seed %d, offset %d", seed, offset).isEqualTo(offsets.contains(offset));
                assertThat(upper.build().contains(offset)).as("seed %d, offset %d, from %d", seed, offset, middle)
                        .isEqualTo(offset >= middle && offsets.contains(offset));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "1", "1.2.3", "1..", ".", "1.0", "1.4.0.3", "-1.3", "1.-3", "1.x!", "1.4.",
            "1y2p0ij32e8e7.1y2p0ij32e8e7", "zzzzzzzzzzzzzzzz.1" })
    void shouldRefuseTextItDidNotWrite(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> {
            try {
                OffsetRuns.read(100, text);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("too large for an offset", e);
            }
        });
    }
}
