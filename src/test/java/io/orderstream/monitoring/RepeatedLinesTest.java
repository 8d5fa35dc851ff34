package io.orderstream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.logging.Level;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.junit.jupiter.api.Test;

class RepeatedLinesTest {

    private static final String CLIENT = "org.apache.kafka.clients.NetworkClient";

    private long nanos = 1;
    private final RepeatedLines lines = new RepeatedLines(() -> nanos);

    @Test
    void shouldShowTheFirstOfAKindAndSayLaterHowManyWereLeftOut() {
        // When
        RepeatedLines.Verdict first = say(CLIENT, Level.WARNING, "[Consumer clientId=a-1] Node -1 (localhost:9093) is away");

        // Then
        assertThat(first).isEqualTo(new RepeatedLines.Verdict(true, 0));
        for (int client = 2; client < 100; client++) {
            assertThat(say(CLIENT, Level.WARNING, "[Producer clientId=b-" + client + "] Node -1 (localhost:9093) is away")
                    .isShown()).isFalse();
        }

        // When
        nanos += Duration.ofMinutes(5).toNanos();

        // Then
        assertThat(say(CLIENT, Level.WARNING, "[Consumer clientId=a-1] Node -2 (localhost:9093) is away"))
                .isEqualTo(new RepeatedLines.Verdict(true, 98));
        assertThat(say(CLIENT, Level.WARNING, "[Consumer clientId=a-1] Node -2 (localhost:9093) is away").isShown()).isFalse();
    }

    @Test
    void shouldTellKindsApart() {
        // When
        say(CLIENT, Level.WARNING, "[a] away");

        // Then
        assertThat(say(CLIENT, Level.WARNING, "[a] here").isShown()).isTrue();
        assertThat(say("org.apache.kafka.common.network.Selector", Level.WARNING, "[a] away").isShown()).isTrue();
    }

    @Test
    void shouldShowEveryLineOfOursAndWhatIsNoWarning() {
        for (int time = 0; time < 3; time++) {
            assertThat(say("io.orderstream.kafka.TopicCreator", Level.WARNING, "away").isShown()).isTrue();
            assertThat(say(CLIENT, Level.INFO, "away").isShown()).isTrue();
        }
    }

    @Test
    void shouldSayTheSameToEachHandlerThatAsksForOneLine() {
        // Given
        ExtLogRecord line = line(CLIENT, Level.WARNING, "away");
        ExtLogRecord again = line(CLIENT, Level.WARNING, "away");

        // Then
        assertThat(lines.of(line, "away").isShown()).isTrue();
        assertThat(lines.of(line, "away").isShown()).isTrue();
        assertThat(lines.of(again, "away").leftOut()).isEqualTo(1);
        assertThat(lines.of(again, "away").leftOut()).isEqualTo(1);
    }

    @Test
    void shouldForgetKindsRatherThanKeepThemAll() {
        // Given
        say(CLIENT, Level.WARNING, "first");

        // When
        for (char c = 0; c < 1000; c++) {
            say(CLIENT, Level.WARNING, "kind " + (char) ('က' + c));
        }

        // Then
        assertThat(say(CLIENT, Level.WARNING, "first").isShown()).isTrue();
    }

    private RepeatedLines.Verdict say(String logger, Level level, String message) {
        return lines.of(line(logger, level, message), message);
    }

    private static ExtLogRecord line(String logger, Level level, String message) {
        ExtLogRecord line = new ExtLogRecord(level, message, FormatStyle.NO_FORMAT, RepeatedLinesTest.class.getName());
        line.setLoggerName(logger);
        return line;
    }
}
