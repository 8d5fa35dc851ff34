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
        assertThat(Failures.oneLine("a\u0085b\u2028c\u202ed")).isEqualTo("a b c d");
        assertThat(Failures.shown(new IllegalStateException("a\n\"b\""))).isEqualTo("a\\n\"b\"");
        assertThat(Failures.reason(new IllegalStateException("a\n\"b\""))).isEqualTo("a\\n\\\"b\\\"");
        assertThat(Failures.shown(new IllegalStateException("x".repeat(800_000)))).hasSizeLessThanOrEqualTo(1_000);
    }
}
