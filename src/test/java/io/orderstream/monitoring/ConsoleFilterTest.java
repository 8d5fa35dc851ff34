package io.orderstream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.logging.Level;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

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
