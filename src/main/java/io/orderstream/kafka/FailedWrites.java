package io.orderstream.kafka;

import java.util.List;
import java.util.logging.LogRecord;

/**
 * The two errors with stack traces SmallRye logs for each write that fails, thousands during an outage. Whoever wrote says what
 * has become of it: the generator at debug level for each order, the spool once, and the pipeline for a dead letter.
 */
public final class FailedWrites {

    private static final String LOGGER = "io.smallrye.reactive.messaging.kafka";
    private static final List<String> MESSAGES = List.of("SRMSG18206", "SRMSG18212");

    private FailedWrites() {
    }

    /** Whether a line is one of them. */
    public static boolean isOne(LogRecord line) {
        return LOGGER.equals(line.getLoggerName()) && line.getMessage() != null
                && MESSAGES.stream().anyMatch(line.getMessage()::startsWith);
    }
}
