package io.orderstream.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

class StandstillTest {

    private long nanos = 7;
    private final Standstill standstill = new Standstill(() -> nanos);

    @Test
    void shouldNoticeWhenNobodyHasLookedForLongerThanAThreadWaits() {
        // Given
        long before = nanos;
        standstill.look();

        // When
        pass(Duration.ofSeconds(16));
        standstill.look();

        // Then
        assertThat(standstill.isSince(before)).isTrue();
        assertThat(standstill.isSince(nanos)).as("since it goes on").isFalse();
    }

    @Test
    void shouldNoticeEvenIfWhoAsksIsTheFirstToRunAgain() {
        // Given
        long before = nanos;

        // When
        pass(Duration.ofSeconds(16));

        // Then
        assertThat(standstill.isSince(before)).isTrue();
        assertThat(standstill.isSince(nanos)).isFalse();
    }

    @Test
    void shouldNotSayThatOfACallThatWasShort() {
        // Given: only the thread that looks is late
        pass(Duration.ofSeconds(16));
        long begin = nanos;

        // When
        pass(Duration.ofMillis(300));

        // Then
        assertThat(standstill.isSince(begin)).isFalse();
    }

    @Test
    void shouldTakeAThreadThatIsALittleLateForNothing() {
        // Given
        long before = nanos;

        // When
        for (int look = 0; look < 100; look++) {
            pass(Duration.ofMillis(1_200));
            standstill.look();
        }

        // Then
        assertThat(standstill.isSince(before)).isFalse();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
