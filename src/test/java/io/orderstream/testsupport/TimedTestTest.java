package io.orderstream.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junitpioneer.jupiter.RetryingTest;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TimedTestTest {

    private int times;

    @TimedTest
    void shouldBePlayedAgainWhenItWasTooLate() {
        times++;
        TooLate.check("the first time", times == 1 ? Duration.ofNanos(2) : Duration.ZERO, Duration.ofNanos(1));
        assertThat(times).isEqualTo(2);
    }

    @Test
    void shouldBePlayedAgainForNoOtherFailure() {
        assertThat(TimedTest.class.getAnnotation(RetryingTest.class).onExceptions()).containsExactly(TooLate.class);
    }

    @Test
    void shouldBeTooLateOnlyBeyondTheBound() {
        assertThatCode(() -> TooLate.check("it", Duration.ofSeconds(2), Duration.ofSeconds(2))).doesNotThrowAnyException();
        assertThatThrownBy(() -> TooLate.check("it", Duration.ofMillis(2_001), Duration.ofSeconds(2)))
                .isInstanceOf(AssertionError.class).hasMessage("it took PT2.001S, at most PT2S are allowed");
    }
}
