package io.orderstream.monitoring;

import java.util.List;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtLogRecord;

import io.orderstream.kafka.FailedPolls;
import io.orderstream.kafka.FailedWrites;
import io.quarkus.logging.LoggingFilter;

/**
 * Log filter of the console and the log file: drops {@link FailedWrites} and {@link FailedPolls} and, in the plain format, puts
 * correlation
 * and trace id in front of the message. A pattern alone cannot omit the brackets of a line that has neither.
 */
@LoggingFilter(name = "console")
public final class ConsoleFilter implements Filter {

    /** MDC key that the plain format uses as {@code %X{ids}}. */
    static final String SHOWN = "ids";

    private static final List<String> IDS = List.of("correlation-id", "traceId");

    private final boolean isJson;

    /** @param isJson whether the log format is JSON, which has the MDC entries as fields */
    public ConsoleFilter(@ConfigProperty(name = "orderstream.operation.log-format-is-json") boolean isJson) {
        this.isJson = isJson;
    }

    @Override
    public boolean isLoggable(LogRecord record) {
        if (FailedWrites.isOne(record) || FailedPolls.isOne(record)) {
            return false;
        }
        if (!isJson && record instanceof ExtLogRecord line) {
            show(line);
        }
        return true;
    }

    private static void show(ExtLogRecord line) {
        Map<String, String> known = line.getMdcCopy();
        String ids = IDS.stream().filter(known::containsKey).map(name -> name + "=" + known.get(name))
                .collect(Collectors.joining(" "));
        if (!ids.isEmpty()) {
            line.putMdc(SHOWN, "[" + ids + "] ");
        }
    }
}
