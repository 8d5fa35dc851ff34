package io.orderstream.monitoring;

import java.util.List;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtLogRecord;

import io.orderstream.kafka.FailedWrites;
import io.quarkus.logging.LoggingFilter;

/**
 * What the console shows, and the log file if there is one: not the {@link FailedWrites}, and in the plain form, before the
 * message, what a line belongs to, if anything. It is a filter since a format alone cannot leave out the brackets when there
 * is nothing to put into them.
 */
@LoggingFilter(name = "console")
public final class ConsoleFilter implements Filter {

    /** In the MDC: what the plain format takes from it as {@code %X{ids}}. */
    static final String SHOWN = "ids";

    private static final List<String> IDS = List.of("correlation-id", "traceId");

    private final boolean isJson;

    /** @param isJson whether the MDC is shown as it is */
    public ConsoleFilter(@ConfigProperty(name = "orderstream.operation.log-format-is-json") boolean isJson) {
        this.isJson = isJson;
    }

    @Override
    public boolean isLoggable(LogRecord record) {
        if (FailedWrites.isOne(record)) {
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
