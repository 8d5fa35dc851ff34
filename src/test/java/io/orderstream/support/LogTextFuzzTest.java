package io.orderstream.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.testsupport.Fuzzed;
import io.orderstream.testsupport.NastyTexts;

/** Texts of others in log lines and answers, half of them in UTF-16, which can have lone surrogates. */
class LogTextFuzzTest {

    private static final long PER_BYTE = 100;
    private static final int LONGEST = 300;

    @FuzzTest
    void shouldMakeALineOfAnyText(byte[] bytes) {
        // Given
        Fuzzed input = new Fuzzed(bytes);
        String text = bytes.length % 2 == 0 ? new String(bytes, StandardCharsets.UTF_16BE) : input.text();

        // When
        String line = input.parse(PER_BYTE, () -> LogText.line(text, LONGEST));
        String value = input.parse(PER_BYTE, () -> LogText.value(text));
        String quoted = input.parse(PER_BYTE, () -> LogText.quoted(text));

        // Then
        assertThat(NastyTexts.isSafe(line) && NastyTexts.isSafe(value) && NastyTexts.isSafe(quoted)).isTrue();
        assertThat(line.length()).isLessThanOrEqualTo(LONGEST);
        assertThat(LogText.line(line, LONGEST)).isEqualTo(line);
        assertThat(value).matches("[^\\s\"=\\[\\]\\\\]+|\"([^\"\\\\]|\\\\.)*\"");
        assertThat(quoted).matches("([^\"\\\\]|\\\\.)*");
    }
}
