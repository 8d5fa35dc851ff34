package io.orderstream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.orderstream.support.LogText;
import io.orderstream.testsupport.NastyTexts;

class ConsoleFilterTest {

    private static final PatternFormatter FORMAT = new PatternFormatter("%-5p %X{ids}%s");

    @Test
    void shouldShowWhatALineBelongsTo() {
        assertThat(shown(Map.of("correlation-id", "request-1", "traceId", "4bf9", "spanId", "00f0")))
                .isEqualTo("INFO  [correlation-id=request-1 traceId=4bf9] said");
        assertThat(shown(Map.of("traceId", "4bf9"))).isEqualTo("INFO  [traceId=4bf9] said");
    }

    @Test
    void shouldShowNothingOfALineThatBelongsToNothing() {
        assertThat(shown(Map.of())).isEqualTo("INFO  said");
        assertThat(shown(Map.of("spanId", "00f0"))).isEqualTo("INFO  said");
    }

    @Test
    void shouldLeaveTheLineAloneInJson() {
        // Given
        ExtLogRecord line = line("io.orderstream", "said", Map.of("correlation-id", "request-1"));

        // When
        boolean isShown = new ConsoleFilter(true).isLoggable(line);

        // Then
        assertThat(isShown).isTrue();
        assertThat(line.getMdcCopy()).containsExactly(Map.entry("correlation-id", "request-1"));
    }

    @Test
    void shouldLeaveOutTheWritesOfSmallRyeThatHaveFailed() {
        // Given
        String logger = "io.smallrye.reactive.messaging.kafka";

        // Then
        assertThat(new ConsoleFilter(true).isLoggable(line(logger, "SRMSG18206: Unable to write", Map.of()))).isFalse();
        assertThat(new ConsoleFilter(false).isLoggable(line(logger, "SRMSG18212: Message not sent", Map.of()))).isFalse();
        assertThat(new ConsoleFilter(false).isLoggable(line(logger, "SRMSG18217: anything else", Map.of()))).isTrue();
        assertThat(new ConsoleFilter(false).isLoggable(line("io.orderstream", "SRMSG18206: told", Map.of()))).isTrue();
    }

    @Test
    void shouldLeaveOutWhatKafkasClientsSayAtEachPollThatIsRefused() {
        // Given
        String logger = "org.apache.kafka.clients.consumer.internals.ConsumerCoordinator";

        // Then
        assertThat(new ConsoleFilter(true)
                .isLoggable(line(logger, "[Consumer] JoinGroup failed due to fatal error: no", Map.of())))
                .isFalse();
        assertThat(new ConsoleFilter(false).isLoggable(
                line("org.apache.kafka.clients.Metadata", "[Consumer] Topic authorization failed for topics [orders]",
                        Map.of())))
                .isFalse();
        assertThat(new ConsoleFilter(false).isLoggable(line(logger, "[Consumer] consumer poll timeout has expired", Map.of())))
                .isTrue();
        assertThat(new ConsoleFilter(false).isLoggable(
                line("io.orderstream", "Topic authorization failed for topics: told", Map.of()))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.testsupport.NastyTexts#all")
    void shouldPrintASingleBoundedLineWhateverIsInIt(String text) {
        // Given
        ExtLogRecord line = new ExtLogRecord(Level.WARNING, "order=%s again=%s", FormatStyle.PRINTF, "test");
        line.setParameters(new Object[] { text, text });
        Map.of("correlation-id", text, "traceId", text, "other", text).forEach(line::putMdc);

        // Then
        for (boolean isJson : new boolean[] { true, false, false }) {
            assertThat(new ConsoleFilter(isJson).isLoggable(line)).isTrue();
            String printed = new PatternFormatter("%p %X{ids}%X{other} %s").format(line);
            assertThat(printed).hasSizeLessThan(10_000).startsWith("WARNING ").contains("order=x");
            assertThat(NastyTexts.isSafe(printed)).as(LogText.line(printed)).isTrue();
        }
        assertThat(shown(Map.of("correlation-id", text))).hasSizeLessThan(1_000)
                .matches("INFO  \\[correlation-id=([^ ]+|\"([^\"\\\\]|\\\\.)*\")] said");
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.testsupport.NastyTexts#all")
    void shouldPrintAFailureWithItsStackTraceAndEachTextAsASingleLine(String text) {
        // Given
        IllegalStateException failure = new IllegalStateException(text, new IOException("cause " + text));
        failure.addSuppressed(new IllegalArgumentException("beside " + text));
        ExtLogRecord line = line("io.orderstream", "said", Map.of());
        line.setThrown(failure);

        // When
        new ConsoleFilter(false).isLoggable(line);

        // Then
        List<String> printed = List.of(new PatternFormatter("%s%e%n").format(line).split("\n"));
        assertThat(printed).allSatisfy(part -> {
            assertThat(part).hasSizeLessThan(3_000);
            assertThat(NastyTexts.isSafe(part.replace("\t", ""))).as(LogText.line(part)).isTrue();
            assertThat(part)
                    .matches("\\s+at .+|\\s+\\.\\.\\. .+|(said: )?(Caused by: |\\s+Suppressed: )?java\\..+Exception: .*x.*");
        });
        assertThat(printed.get(0)).startsWith("said: java.lang.IllegalStateException: x");
        assertThat(printed).anyMatch(part -> part.startsWith("Caused by: java.io.IOException: cause x"))
                .anyMatch(part -> part.startsWith("\tSuppressed: java.lang.IllegalArgumentException: beside x"))
                .anyMatch(part -> part.startsWith("\tat " + ConsoleFilterTest.class.getName()));
    }

    @Test
    void shouldLeaveAFailureAloneThatIsFitToBePrinted() {
        // Given
        RuntimeException fit = new IllegalStateException("said", new IOException("cause"));
        RuntimeException twoLines = new IllegalStateException("two\nlines");

        // Then
        assertThat(printed(fit, false)).isSameAs(fit);
        assertThat(printed(fit, true)).isSameAs(fit);
        assertThat(printed(twoLines, true)).isSameAs(twoLines);
        assertThat(printed(twoLines, false)).hasToString("java.lang.IllegalStateException: two\\nlines");
        assertThat(printed(new IllegalStateException("x".repeat(800_000)), true).getMessage()).hasSizeLessThan(3_000)
                .startsWith("java.lang.IllegalStateException: xxx");
    }

    @Test
    void shouldEndWithFailuresThatAreTheirOwnCauseOrHaveNoEnd() {
        // Given
        RuntimeException circle = new IllegalStateException("a\n");
        circle.initCause(new IllegalStateException("b\n", circle));
        RuntimeException chain = new IllegalStateException("end");
        for (int i = 0; i < 10_000; i++) {
            chain = new IllegalStateException("step " + i, chain);
        }

        // Then
        assertThat(printed(circle, false).getCause()).hasToString("java.lang.IllegalStateException: b\\n");
        assertThat(Stream.iterate(printed(chain, false), cause -> cause != null, Throwable::getCause).count()).isLessThan(30);
    }

    private static Throwable printed(Throwable failure, boolean isJson) {
        ExtLogRecord line = line("io.orderstream", "said", Map.of());
        line.setThrown(failure);
        new ConsoleFilter(isJson).isLoggable(line);
        return line.getThrown();
    }

    @Test
    void shouldLeaveTheColoursToTheLinesOfDevMode() {
        // Given
        ExtLogRecord line = line("io.orderstream.dev.DevConsole", "\u001b[32mprocessed\u001b[0m", Map.of("traceId", "4bf9"));

        // Then
        assertThat(new ConsoleFilter(false).isLoggable(line)).isTrue();
        assertThat(FORMAT.format(line)).isEqualTo("INFO  \u001b[32mprocessed\u001b[0m");
    }

    @Test
    void shouldLetALinePassThatCannotBeFormatted() {
        // Given
        ExtLogRecord line = new ExtLogRecord(Level.WARNING, "offset=%d", FormatStyle.PRINTF, "test");
        line.setParameters(new Object[] { "no number" });

        // Then
        assertThat(new ConsoleFilter(false).isLoggable(line)).isTrue();
    }

    private static String shown(Map<String, String> mdc) {
        ExtLogRecord line = line("io.orderstream", "said", mdc);
        assertThat(new ConsoleFilter(false).isLoggable(line)).isTrue();
        return FORMAT.format(line);
    }

    private static ExtLogRecord line(String logger, String message, Map<String, String> mdc) {
        ExtLogRecord line = new ExtLogRecord(Level.INFO, message, ConsoleFilterTest.class.getName());
        line.setLoggerName(logger);
        mdc.forEach(line::putMdc);
        return line;
    }
}
