package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrendTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:34:56Z");

    private final Trend.Meter meter = new Trend.Meter();

    @Test
    void shouldCountTheLastHourAndTheHourBefore() {
        // When
        count(0, 3);
        count(30, 2);
        count(65, 4);
        count(110, 1);
        count(125, 7);
        count(60 * 24 * 365, 9);

        // Then
        assertThat(meter.at(NOW)).isEqualTo(trend(5, 5, Map.of(0, 3, 6, 2, 13, 4, 22, 1)));
    }

    @Test
    void shouldCountEachFiveMinutesTheLatestLast() {
        // When
        count(0, 1);
        count(4, 2);
        count(5, 4);
        count(115, 8);
        count(119, 16);
        count(120, 32);

        // Then: the clock shows 12:34, so the latest bucket began four minutes ago
        assertThat(meter.at(NOW).buckets()).hasSize(24).startsWith(16 + 8, 0).endsWith(0, 4, 1 + 2);
        assertThat(meter.at(NOW).lastHour() + meter.at(NOW).hourBefore()).isEqualTo(31);
    }

    @Test
    void shouldForgetAsTimeGoesOn() {
        // Given
        count(0, 3);

        // Then
        assertThat(meter.at(NOW.plus(Duration.ofMinutes(54)))).isEqualTo(trend(3, 0, Map.of(11, 3)));
        assertThat(meter.at(NOW.plus(Duration.ofMinutes(66)))).isEqualTo(trend(0, 3, Map.of(14, 3)));
        assertThat(meter.at(NOW.plus(Duration.ofMinutes(126)))).isEqualTo(trend(0, 0, Map.of()));
    }

    @Test
    void shouldNotCountWhatIsOlderWhereANewerBucketIs() {
        // Given
        count(0, 1);
        count(120, 5);

        // Then
        assertThat(meter.at(NOW)).isEqualTo(trend(1, 0, Map.of(0, 1)));
    }

    @Test
    void shouldTakeATimeInTheFutureForNow() {
        // When
        meter.count(NOW.plus(Duration.ofDays(2_000)), NOW);
        count(10, 1);

        // Then
        assertThat(meter.at(NOW)).isEqualTo(trend(2, 0, Map.of(0, 1, 2, 1)));
    }

    @Test
    void shouldCountOnWhenTheClockIsSetBack() {
        // Given
        count(0, 1);

        // When
        meter.count(NOW.minus(Duration.ofMinutes(30)), NOW.minus(Duration.ofMinutes(30)));

        // Then
        assertThat(meter.at(NOW.minus(Duration.ofMinutes(30)))).isEqualTo(trend(2, 0, Map.of(0, 1, 6, 1)));
    }

    @ParameterizedTest
    @CsvSource({ "0,0,steady", "1,0,rising", "0,1,falling", "110,100,steady", "112,100,rising", "100,112,falling",
            "2147483647,0,rising" })
    void shouldSayWhereItGoes(int lastHour, int hourBefore, String direction) {
        assertThat(new Trend(lastHour, hourBefore, List.of()).direction()).isEqualTo(direction);
    }

    /** @param ago how many there are in which bucket, the latest being 0 */
    private static Trend trend(int lastHour, int hourBefore, Map<Integer, Integer> ago) {
        return new Trend(lastHour, hourBefore,
                IntStream.range(0, 24).mapToObj(bucket -> ago.getOrDefault(23 - bucket, 0)).toList());
    }

    private void count(int minutesAgo, int times) {
        for (int i = 0; i < times; i++) {
            meter.count(NOW.minus(Duration.ofMinutes(minutesAgo)), NOW);
        }
    }
}
