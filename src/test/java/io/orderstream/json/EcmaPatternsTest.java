package io.orderstream.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EcmaPatternsTest {

    private final EcmaPatterns patterns = new EcmaPatterns();

    @ParameterizedTest
    @CsvSource({ "^a$, ^a\\z", "^[$]$, ^[$]\\z", "a\\$, a\\$", "^[\\]$]$, ^[\\]$]\\z", "^(a$|b$), ^(a\\z|b\\z)", "'', ''" })
    void shouldTranslateOnlyTheEndOfTheText(String regex, String translated) {
        assertThat(EcmaPatterns.withEnds(regex)).isEqualTo(translated);
    }

    @ParameterizedTest
    @CsvSource({ "^a$, a, true", "^a$, 'a\n', false", "^a$, 'a\r\n', false", "^a$, ba, false", "b, abc, true",
            "^[a$]$, $, true",
            "^a\\$$, a$, true" })
    void shouldMatchAsEcmaDoes(String regex, String text, boolean isMatch) {
        assertThat(patterns.getRegularExpression(regex).matches(text)).isEqualTo(isMatch);
    }
}
