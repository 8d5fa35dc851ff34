package io.orderstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;

class BrokerPresenceTest {

    private static final Instant NOW = Instant.parse("2026-02-03T10:15:30Z");

    private long nanos = -5;
    private final BrokerWatch.Presence presence = new BrokerWatch.Presence(Duration.ofSeconds(3),
            Clock.fixed(NOW, ZoneOffset.UTC),
            () -> nanos);

    @Test
    void shouldBeAwayAtOnceWhenItHasNeverAnswered() {
        // Given
        assertThat(presence.absence()).isEmpty();
        assertThat(presence.brokers()).isZero();

        // When
        after(Duration.ofMillis(200));
        presence.failed("nobody listens");

        // Then
        assertThat(presence.absence()).contains(new BrokerAbsence(NOW.minusMillis(200), "nobody listens"));
        assertThat(presence.presentFor()).isZero();
    }

    @Test
    void shouldTakeAShortSilenceForNoAbsence() {
        // Given
        presence.answered(3);

        // When
        after(Duration.ofMillis(2_999));
        presence.failed("no answer");

        // Then
        assertThat(presence.absence()).isEmpty();
        assertThat(presence.presentFor()).isEqualTo(Duration.ofMillis(2_999));
        assertThat(presence.brokers()).isEqualTo(3);
    }

    @Test
    void shouldBeAwaySinceTheLastAnswerForTheLatestReason() {
        // Given
        presence.answered(1);
        after(Duration.ofSeconds(2));
        presence.failed("no answer");

        // When
        after(Duration.ofSeconds(1));
        presence.failed("no answer");

        // Then
        assertThat(presence.absence()).contains(new BrokerAbsence(NOW.minusSeconds(3), "no answer"));

        // When
        after(Duration.ofMinutes(9));
        presence.failed("not allowed");

        // Then
        assertThat(presence.absence()).contains(new BrokerAbsence(NOW.minusSeconds(3), "not allowed"));
        assertThat(presence.presentFor()).isZero();
    }

    @Test
    void shouldNotBeAwayBecauseNobodyListened() {
        // Given
        presence.answered(1);
        after(Duration.ofSeconds(16));

        // When
        presence.notListened();
        after(Duration.ofMillis(2_999));
        presence.failed("no answer");

        // Then
        assertThat(presence.absence()).isEmpty();
        after(Duration.ofMillis(1));
        presence.failed("no answer");
        assertThat(presence.absence()).isPresent();
    }

    @Test
    void shouldBeBackWithTheFirstAnswerAndCountFromIt() {
        // Given
        presence.answered(1);
        after(Duration.ofSeconds(5));
        presence.failed("no answer");

        // When
        presence.answered(2);
        after(Duration.ofSeconds(1));
        presence.answered(2);

        // Then
        assertThat(presence.absence()).isEmpty();
        assertThat(presence.presentFor()).isEqualTo(Duration.ofSeconds(1));
        assertThat(presence.brokers()).isEqualTo(2);
    }

    private void after(Duration time) {
        nanos += time.toNanos();
    }
}
