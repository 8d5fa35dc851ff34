package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

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
        assertThat(meter.at(NOW)).isEqualTo(new Trend(5, 5));
    }

    @Test
    void shouldForgetAsTimeGoesOn() {
        // Given
        count(0, 3);

        // Then
        assertThat(meter.at(NOW.plus(Duration.ofMinutes(54)))).isEqualTo(new Trend(3, 0));
        assertThat(meter.at(NOW.plus(Duration.ofMinutes(66)))).isEqualTo(new Trend(0, 3));
        assertThat(meter.at(NOW.plus(Duration.ofMinutes(126)))).isEqualTo(new Trend(0, 0));
    }

    @Test
    void shouldNotCountWhatIsOlderWhereANewerBucketIs() {
        // Given
        count(0, 1);
        count(120, 5);

        // Then
        assertThat(meter.at(NOW)).isEqualTo(new Trend(1, 0));
    }

    @Test
    void shouldTakeATimeInTheFutureForNow() {
        // When
        meter.count(NOW.plus(Duration.ofDays(2_000)), NOW);
        count(10, 1);

        // Then
        assertThat(meter.at(NOW)).isEqualTo(new Trend(2, 0));
    }

    @ParameterizedTest
    @CsvSource({ "0,0,steady", "1,0,rising", "0,1,falling", "110,100,steady", "112,100,rising", "100,112,falling",
            "2147483647,0,rising" })
    void shouldSayWhereItGoes(int lastHour, int hourBefore, String direction) {
        assertThat(new Trend(lastHour, hourBefore).direction()).isEqualTo(direction);
    }

    private void count(int minutesAgo, int times) {
        for (int i = 0; i < times; i++) {
            meter.count(NOW.minus(Duration.ofMinutes(minutesAgo)), NOW);
        }
    }
}
