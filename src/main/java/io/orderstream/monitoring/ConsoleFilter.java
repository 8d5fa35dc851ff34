package io.orderstream.monitoring;

import java.util.List;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.formatters.PatternFormatter;

import io.orderstream.kafka.FailedPolls;
import io.orderstream.kafka.FailedWrites;
import io.orderstream.support.LogText;
import io.quarkus.logging.LoggingFilter;

/**
 * Log filter of all log handlers, which every line passes, whoever logs it: drops {@link FailedWrites} and {@link FailedPolls},
 * and what {@link RepeatedLines} has seen before, makes sure that a message, an MDC entry or the text of a failure is a single
 * line of bounded length, and, in the plain
 * format, puts correlation
 * and trace id in front of the message. A pattern alone cannot omit the brackets of a line that has neither.
 */
@LoggingFilter(name = "console")
public final class ConsoleFilter implements Filter {

    /** MDC key that the plain format uses as {@code %X{ids}}. */
    static final String SHOWN = "ids";

    /** Dev mode's own lines, which have colours. They have been made fit. */
    private static final String DEV_CONSOLE = "io.orderstream.dev.DevConsole";
    private static final List<String> IDS = List.of("correlation-id", "traceId");
    /** Log collectors split longer lines, commonly at 16 KiB. */
    private static final int LONGEST_MESSAGE = 8_000;
    private static final int LONGEST_ENTRY = 500;
    private static final String TOLD = " lines like this were left out since the last one)";

    private final PatternFormatter messages = new PatternFormatter("%s");
    private final RepeatedLines repeated = new RepeatedLines(System::nanoTime);
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
        if (record instanceof ExtLogRecord line && !DEV_CONSOLE.equals(line.getLoggerName())) {
            String message = message(line);
            RepeatedLines.Verdict verdict = repeated.of(line, message);
            if (!verdict.isShown()) {
                return false;
            }
            makeFit(line, verdict.leftOut() == 0 || message == null ? message : message + " (" + verdict.leftOut() + TOLD);
            if (!isJson) {
                show(line);
            }
        }
        return true;
    }

    private void makeFit(ExtLogRecord line, String message) {
        if (message != null) {
            // Formatted here, and not a second time when it is printed.
            line.setMessage(LogText.line(message, LONGEST_MESSAGE), FormatStyle.NO_FORMAT);
            line.setParameters(null);
        }
        line.getMdcCopy().forEach((name, value) -> {
            if (!isFit(value, LONGEST_ENTRY)) {
                line.putMdc(name, LogText.line(value, LONGEST_ENTRY));
            }
        });
        if (line.getThrown() != null) {
            line.setThrown(ShownFailure.of(line.getThrown(), isJson));
        }
    }

    /** The message with its parameters; null if there is none, or if it cannot be formatted, which the handler reports. */
    private String message(ExtLogRecord line) {
        try {
            return messages.formatMessage(line);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static boolean isFit(String text, int longest) {
        return text.length() <= longest && LogText.isClean(text);
    }

    private static void show(ExtLogRecord line) {
        Map<String, String> known = line.getMdcCopy();
        String ids = IDS.stream().filter(known::containsKey).map(name -> name + "=" + LogText.value(known.get(name)))
                .collect(Collectors.joining(" "));
        if (!ids.isEmpty()) {
            line.putMdc(SHOWN, "[" + ids + "] ");
        }
    }
}
