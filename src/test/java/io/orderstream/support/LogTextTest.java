package io.orderstream.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.testsupport.NastyTexts;

class LogTextTest {

    private static final long SEED = 16;

    @ParameterizedTest
    @ValueSource(strings = { "1", "order-17", "a.b_c/d:e,f", "Äpfel", "\u4e2d\u6587", "\ud83c\udf54", "#!$&'()*+;<>?@^`{|}~%" })
    void shouldLeaveAWordAsItIs(String word) {
        assertThat(LogText.value(word)).isEqualTo(word);
    }

    @Test
    void shouldQuoteWhatCouldLookLikeAnotherPair() {
        assertThat(LogText.value("a b=c")).isEqualTo("\"a b=c\"");
        assertThat(LogText.value("a=1")).isEqualTo("\"a=1\"");
        assertThat(LogText.value("x\" kind=\"y")).isEqualTo("\"x\\\" kind=\\\"y\"");
        assertThat(LogText.value("x\\\" kind=y")).isEqualTo("\"x\\\\\\\" kind=y\"");
        assertThat(LogText.value("x] y")).isEqualTo("\"x] y\"");
        assertThat(LogText.value("x]")).isEqualTo("\"x]\"");
        assertThat(LogText.value("")).isEqualTo("\"\"");
        assertThat(LogText.value(null)).isEqualTo("null");
        assertThat(LogText.value("a\u00a0b=c")).startsWith("\"");
        assertThat(LogText.value("a\u3000b")).startsWith("\"");
    }

    @Test
    void shouldWriteWhatBreaksALineAsAnEscape() {
        assertThat(LogText.line("a\r\n\tb\u0000\u001b[2J\u007f")).isEqualTo("a\\r\\n\\tb\\u0000\\u001b[2J\\u007f");
        assertThat(LogText.line("\u0085\u009b\u2028\u2029")).isEqualTo("\\u0085\\u009b\\u2028\\u2029");
        assertThat(LogText.line("\u202egro\u2066\u200e\u061c\ufeff")).isEqualTo("\\u202egro\\u2066\\u200e\\u061c\\ufeff");
        assertThat(LogText.line("a\ud83cb\udf54\ud83c\udf54\ud83c")).isEqualTo("a\\ud83cb\\udf54\ud83c\udf54\\ud83c");
        assertThat(LogText.line("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
        assertThat(LogText.line("\"a\\")).isEqualTo("\"a\\");
        assertThat(LogText.quoted("\"a\\\n")).isEqualTo("\\\"a\\\\\\n");
    }

    @Test
    void shouldShortenALongTextAndSayHowLongItWas() {
        // Given
        String hamburgers = "\ud83c\udf54".repeat(400_000);

        // Then
        assertThat(LogText.value("x".repeat(800_000))).hasSizeLessThan(250).startsWith("\"xxx")
                .endsWith("...(800000 characters)\"");
        assertThat(LogText.line("x".repeat(1_000))).isEqualTo("x".repeat(1_000));
        assertThat(LogText.line("x".repeat(1_001))).hasSizeLessThanOrEqualTo(1_000).endsWith("x...(1001 characters)");
        assertThat(LogText.line(hamburgers, 100)).hasSizeLessThanOrEqualTo(100).endsWith("\ud83c\udf54...(800000 characters)");
        assertThat(LogText.line("\n".repeat(800_000), 100)).hasSizeLessThanOrEqualTo(100).endsWith("\\n...(800000 characters)");
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.testsupport.NastyTexts#all")
    void shouldMakeASingleBoundedLineOfAnything(String text) {
        for (String line : new String[] { LogText.value(text), LogText.quoted(text), LogText.line(text),
                LogText.line(text, 8_000) }) {
            assertThat(line).hasSizeLessThanOrEqualTo(8_000);
            assertThat(NastyTexts.isSafe(line)).as(LogText.line(line)).isTrue();
            assertThat(LogText.line(line, 8_000)).isEqualTo(line);
        }
    }

    @Test
    void shouldMakeASingleLineOfRandomTexts() {
        // Given
        Random random = new Random(SEED);

        // Then
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(40), 0, 0x10000).map(c -> random.nextBoolean() ? c & 0xff : c)
                    .forEach(c -> text.append((char) c));
            String line = LogText.line(text.toString(), 60);
            assertThat(line).hasSizeLessThanOrEqualTo(60);
            assertThat(NastyTexts.isSafe(line)).as(line).isTrue();
            assertThat(LogText.line(line, 60)).isEqualTo(line);
            assertThat(LogText.value(text)).matches("[^\\s\"=]+|\"([^\"\\\\]|\\\\.)*\"");
        }
    }
}
