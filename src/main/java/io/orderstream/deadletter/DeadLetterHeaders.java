package io.orderstream.deadletter;

import java.time.Instant;
import java.util.List;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import io.orderstream.support.Failures;
import io.orderstream.support.TextHeaders;

/**
 * Headers of a dead letter. All values are UTF-8 text.
 * <p>
 * SmallRye's strategy {@code dead-letter-queue} writes the first seven and appends the record's own headers.
 * Orderstream adds the others, and ensures what SmallRye does not: exactly one header of each name, even if the
 * record was a dead letter before or the failure has no cause.
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
    /** Number of attempts of the handler; 0 if the record could not be decoded. */
    public static final String ATTEMPTS = "dead-letter-attempts";
    /** Consumer group that dead-lettered the record. */
    public static final String GROUP = "dead-letter-group";
    /** When the record was dead-lettered, ISO-8601 in UTC. */
    public static final String TIMESTAMP = "dead-letter-timestamp";
    /** Timestamp of the original record, ISO-8601 in UTC. */
    public static final String ORIGINAL_TIMESTAMP = "dead-letter-original-timestamp";

    /** Id of the spool entry of a record that was never written to its topic; partition and offset are -1. */
    public static final String SPOOL_ID = "dead-letter-spool-id";

    /** {@code true} for a letter without value and without the record's own headers, which its topic did not take. */
    public static final String SHORTENED = "dead-letter-shortened";
    /** Of a shortened letter: size in bytes of the record's key, value and headers. */
    public static final String ORIGINAL_BYTES = "dead-letter-original-bytes";
    /** Of a shortened letter: the host on whose disk the whole letter is. */
    public static final String KEPT_HOST = "dead-letter-kept-host";
    /** Of a shortened letter: path of the file there that has the whole letter. */
    public static final String KEPT_FILE = "dead-letter-kept-file";

    private static final List<String> ALL = List.of(EXCEPTION_CLASS_NAME, REASON, CAUSE_CLASS_NAME, CAUSE, TOPIC, PARTITION,
            OFFSET, KIND, ATTEMPTS, GROUP, TIMESTAMP, ORIGINAL_TIMESTAMP, SPOOL_ID, SHORTENED, ORIGINAL_BYTES, KEPT_HOST,
            KEPT_FILE);

    private DeadLetterHeaders() {
    }

    /** Whether a header has one of these names. */
    static boolean isOne(String name) {
        return ALL.contains(name);
    }

    /** Removes the headers of an earlier dead letter, which would follow the new ones and take precedence. */
    public static void strip(Headers headers) {
        ALL.forEach(headers::remove);
    }

    /**
     * Returns the headers to add to those SmallRye writes for this failure.
     *
     * @param group consumer group of the record
     * @param reason the last failure
     * @return headers with names that SmallRye does not write for this failure
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
            // SmallRye omits two of its seven headers here: a failure without a cause counts as its own cause.
            TextHeaders.add(headers, CAUSE_CLASS_NAME, reason.getClass().getName());
            TextHeaders.add(headers, CAUSE, Failures.message(reason));
        }
        return headers;
    }
}
