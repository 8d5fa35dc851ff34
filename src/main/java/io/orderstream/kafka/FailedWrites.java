package io.orderstream.kafka;

import java.util.List;
import java.util.logging.LogRecord;

/**
 * Recognises the two errors with stack traces that SmallRye logs for each failed write, thousands in an outage.
 * Failures are logged elsewhere: by the generator at debug level, the spool once, and the pipeline for a dead letter.
 */
public final class FailedWrites {

    private static final String LOGGER = "io.smallrye.reactive.messaging.kafka";
    private static final List<String> MESSAGES = List.of("SRMSG18206", "SRMSG18212");

    private FailedWrites() {
    }

    /** Whether a log record is one of these errors. */
    public static boolean isOne(LogRecord line) {
        return LOGGER.equals(line.getLoggerName()) && line.getMessage() != null
                && MESSAGES.stream().anyMatch(line.getMessage()::startsWith);
    }
}
