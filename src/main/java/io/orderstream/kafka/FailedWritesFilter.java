package io.orderstream.kafka;

import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

import io.quarkus.logging.LoggingFilter;

/**
 * Leaves out the two errors with stack traces SmallRye logs for each write that fails, thousands during an outage.
 * Whoever wrote says what has become of it: the generator at debug level for each order, the spool once, and the
 * pipeline for a dead letter.
 */
@LoggingFilter(name = "failed-writes")
public final class FailedWritesFilter implements Filter {

    private static final String LOGGER = "io.smallrye.reactive.messaging.kafka";
    private static final List<String> MESSAGES = List.of("SRMSG18206", "SRMSG18212");

    @Override
    public boolean isLoggable(LogRecord record) {
        return !LOGGER.equals(record.getLoggerName()) || record.getMessage() == null
                || MESSAGES.stream().noneMatch(record.getMessage()::startsWith);
    }
}
