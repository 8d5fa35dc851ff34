package io.orderstream.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {

    private long nanos = -5;

    @ParameterizedTest
    @ValueSource(doubles = { 0.1, 3, 200, 1234.5, 100_000 })
    void shouldKeepTheRateWithinOnePerCentWithoutBursts(double rate) {
        // Given
        RateLimiter pacer = new RateLimiter(rate, () -> nanos);
        long sent = 0;
        int largest = 0;

        // When
        long end = nanos + Duration.ofSeconds(100).toNanos();
        while (nanos < end) {
            int due = pacer.due();
            pacer.sent(due);
            sent += due;
            largest = Math.max(largest, due);
            nanos += Math.max(Duration.ofMillis(7).toNanos(), pacer.untilNext().toNanos());
        }

        // Then
        assertThat((double) sent).isCloseTo(rate * 100, within(rate + 1));
        assertThat(largest).isLessThanOrEqualTo((int) Math.ceil(rate * 0.008) + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = { 300, 60_000 })
    void shouldMakeUpForATenthOfASecondHoweverLongTheHoldUp(long millis) {
        // Given
        RateLimiter pacer = new RateLimiter(100.0, () -> nanos);
        pacer.sent(pacer.due());

        // When
        nanos += Duration.ofMillis(millis).toNanos();

        // Then
        int due = pacer.due();
        assertThat(due).isEqualTo(11);

        // And it goes on at its rate
        pacer.sent(due);
        assertThat(pacer.due()).isZero();
        nanos += Duration.ofMillis(50).toNanos();
        assertThat(pacer.due()).isEqualTo(5);
    }

    @Test
    void shouldKnowNoLimitWithoutARate() {
        // Given
        RateLimiter pacer = new RateLimiter(null, () -> nanos);

        // Then
        assertThat(pacer.due()).isEqualTo(Integer.MAX_VALUE);
        assertThat(pacer.untilNext()).isZero();
    }
}
