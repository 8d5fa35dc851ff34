package io.orderstream.kafka;

import java.util.List;
import java.util.Set;
import java.util.logging.LogRecord;

/**
 * Recognises errors with stack traces that SmallRye logs beside those who tell of them in a line. Two are for each failed
 * write, thousands in an outage: the generator tells of it at debug level, the spool once, and the pipeline for a dead letter.
 * Two are for a channel that cannot be started, which ends the start with a sentence.
 */
public final class FailedWrites {

    private static final Set<String> LOGGERS = Set.of("io.smallrye.reactive.messaging.kafka",
            "io.smallrye.reactive.messaging.provider");
    private static final List<String> MESSAGES = List.of("SRMSG18206", "SRMSG18212", "SRMSG18261", "SRMSG00230");

    private FailedWrites() {
    }

    /** Whether a log record is one of these errors. */
    public static boolean isOne(LogRecord line) {
        return line.getLoggerName() != null && LOGGERS.contains(line.getLoggerName()) && line.getMessage() != null
                && MESSAGES.stream().anyMatch(line.getMessage()::startsWith);
    }
}
