package io.orderstream.deadletter;

import java.time.Instant;
import java.util.List;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import io.orderstream.support.Failures;
import io.orderstream.support.TextHeaders;

/**
 * The headers of a dead letter. All values are UTF-8 text.
 * <p>
 * SmallRye's strategy {@code dead-letter-queue} writes the first seven and then appends the record's own; these names are its
 * contract. We add the rest, and keep the promise it does not: exactly one header of each name, also when the record was a dead
 * letter before or when the failure has no cause.
 */
public final class DeadLetterHeaders {

    public static final String EXCEPTION_CLASS_NAME = "dead-letter-exception-class-name";
    public static final String REASON = "dead-letter-reason";
    public static final String CAUSE_CLASS_NAME = "dead-letter-cause-class-name";
    public static final String CAUSE = "dead-letter-cause";
    public static final String TOPIC = "dead-letter-topic";
    public static final String PARTITION = "dead-letter-partition";
    public static final String OFFSET = "dead-letter-offset";
    /** A {@link DeadLetterKind}'s label. */
    public static final String KIND = "dead-letter-kind";
    /** Times the record was handed to the handler; 0 if it could not be decoded. */
    public static final String ATTEMPTS = "dead-letter-attempts";
    /** Consumer group that gave it up. */
    public static final String GROUP = "dead-letter-group";
    /** When it was given up, ISO-8601 in UTC. */
    public static final String TIMESTAMP = "dead-letter-timestamp";
    /** Timestamp of the original record, ISO-8601 in UTC. */
    public static final String ORIGINAL_TIMESTAMP = "dead-letter-original-timestamp";

    /** Id of the spool's entry, for what never got to its topic; it has neither partition nor offset. */
    public static final String SPOOL_ID = "dead-letter-spool-id";

    private static final List<String> ALL = List.of(EXCEPTION_CLASS_NAME, REASON, CAUSE_CLASS_NAME, CAUSE, TOPIC, PARTITION,
            OFFSET, KIND, ATTEMPTS, GROUP, TIMESTAMP, ORIGINAL_TIMESTAMP, SPOOL_ID);

    private DeadLetterHeaders() {
    }

    /** Removes the marks of an earlier life as a dead letter, which would otherwise stand behind the new ones and win. */
    public static void strip(Headers headers) {
        ALL.forEach(headers::remove);
    }

    /**
     * What has to be added to what SmallRye writes.
     *
     * @param kind why the record is given up
     * @param attempts times it was handed to the handler
     * @param group the consumer group that gives it up
     * @param reason the last failure
     * @param now the time
     * @param originalTimestamp time of the original record
     * @return headers of names SmallRye does not write for this failure
     */
    public static Headers of(DeadLetterKind kind, int attempts, String group, Throwable reason, Instant now,
            Instant originalTimestamp) {
        Headers headers = new RecordHeaders();
        TextHeaders.add(headers, KIND, kind.label());
        TextHeaders.add(headers, ATTEMPTS, Integer.toString(attempts));
        TextHeaders.add(headers, GROUP, group);
        TextHeaders.add(headers, TIMESTAMP, now.toString());
        TextHeaders.add(headers, ORIGINAL_TIMESTAMP, originalTimestamp.toString());
        if (reason.getCause() == null) {
            // The contract has seven of SmallRye's, which leaves two out here: a failure without a cause is its own.
            TextHeaders.add(headers, CAUSE_CLASS_NAME, reason.getClass().getName());
            TextHeaders.add(headers, CAUSE, Failures.message(reason));
        }
        return headers;
    }
}
