package io.orderstream.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void shouldTellTheMessageOfAFailureAndTheClassOfOneWithout() {
        assertThat(Failures.message(new IllegalStateException("said"))).isEqualTo("said");
        assertThat(Failures.message(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void shouldMakeOneLineOfAnyText() {
        assertThat(Failures.oneLine("a\r\n\tb\u0000 c")).isEqualTo("a b c");
    }
}
