package io.orderstream.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junitpioneer.jupiter.RetryingTest;

class TooLateTest {

    @Test
    void shouldBePlayedAgainForNoOtherFailure() {
        assertThat(TimedTest.class.getAnnotation(RetryingTest.class).onExceptions()).containsExactly(TooLate.class);
    }

    @Test
    void shouldBeTooLateOnlyBeyondTheBound() {
        // Given: a time before this JVM, so that none of it was lost
        long begin = System.nanoTime() - Duration.ofDays(1).toNanos();
        Duration most = Duration.ofSeconds(2);

        // Then
        assertThatCode(() -> TooLate.check("it", begin, begin + most.toNanos(), most)).doesNotThrowAnyException();
        assertThatThrownBy(() -> TooLate.check("it", begin, begin + most.plusMillis(1).toNanos(), most))
                .isInstanceOf(TooLate.class).hasMessageStartingWith("it took PT2.001S");
    }
}
