package io.orderstream.kafka;

import java.util.List;
import java.util.logging.LogRecord;

/**
 * Recognises the errors and warnings that Kafka's clients log each time they are refused something, which is several times a
 * second as long as they are. What is refused is logged once, when it begins, by who waits for it.
 */
public final class FailedPolls {

    private static final String CLIENTS = "org.apache.kafka.clients.";
    private static final List<String> MESSAGES = List.of("JoinGroup failed due to fatal error", "error in heartbeat thread",
            "Heartbeat thread failed due to", "An authorization error occurred in the heartbeat thread",
            "An authentication error occurred in the heartbeat thread", "Topic authorization failed for topics",
            "failed authentication due to", "Received unknown topic or partition error in fetch",
            "Not authorized to read from partition", "Offset commit failed on partition", "caused due to authorization",
            "The following subscribed topics are not assigned to any members");

    private FailedPolls() {
    }

    /** Whether a log record is one of these lines. */
    public static boolean isOne(LogRecord line) {
        return line.getLoggerName() != null && line.getLoggerName().startsWith(CLIENTS) && line.getMessage() != null
                && MESSAGES.stream().anyMatch(line.getMessage()::contains);
    }
}
