package io.orderstream.pipeline;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.RecordBatch;

import io.orderstream.support.TextHeaders;

/**
 * What the headers of a record in a retry topic say. All values are UTF-8 text; there is exactly one header of each name. Where
 * the record was at first stays the same from one retry to the next.
 *
 * @param attempts attempts made so far, at least one
 * @param due when the next is to be made
 * @param topic topic the record was in at first
 * @param partition its partition there
 * @param offset its offset there
 * @param timestamp time it carried there
 */
record RetryHeaders(int attempts, Instant due, String topic, int partition, long offset, Instant timestamp) {

    static final String ATTEMPTS = "retry-attempts";
    static final String DUE = "retry-due";
    static final String TOPIC = "retry-topic";
    static final String PARTITION = "retry-partition";
    static final String OFFSET = "retry-offset";
    static final String TIMESTAMP = "retry-timestamp";
    /** Message of the last failure; for whoever looks into the topic. */
    static final String REASON = "retry-reason";

    // Beyond these a time cannot be told in milliseconds, or is none that a record of Kafka has: one without a time has -1.
    private static final Instant EARLIEST = Instant.ofEpochMilli(RecordBatch.NO_TIMESTAMP);
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private static final List<String> ALL = List.of(ATTEMPTS, DUE, TOPIC, PARTITION, OFFSET, TIMESTAMP, REASON);

    /** @return empty if they are not ours: one is missing or says what none of ours does */
    static Optional<RetryHeaders> read(Headers headers) {
        try {
            RetryHeaders read = new RetryHeaders(Integer.parseInt(text(headers, ATTEMPTS)), Instant.parse(text(headers, DUE)),
                    text(headers, TOPIC), Integer.parseInt(text(headers, PARTITION)), Long.parseLong(text(headers, OFFSET)),
                    Instant.parse(text(headers, TIMESTAMP)));
            return Optional.of(read).filter(RetryHeaders::isPossible);
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** How long it has to wait yet: never longer than any backoff is, whatever another's clock has made of the time. */
    Duration wait(Instant now) {
        Duration wait = Duration.between(now, due);
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(RetryPolicy.LONGEST_BACKOFF) > 0 ? RetryPolicy.LONGEST_BACKOFF : wait;
    }

    private boolean isPossible() {
        return attempts > 0 && attempts < Integer.MAX_VALUE && partition >= 0 && offset >= 0 && !topic.isEmpty()
                && !timestamp.isBefore(EARLIEST) && !timestamp.isAfter(LATEST);
    }

    /** Empty, which none of them may be, if there is none. */
    private static String text(Headers headers, String name) {
        return Objects.requireNonNullElse(TextHeaders.last(headers, name), "");
    }

    /** Removes all of them. */
    static void strip(Headers headers) {
        ALL.forEach(headers::remove);
    }

    /**
     * Puts these in the place of those of an earlier retry.
     *
     * @param reason message of the last failure
     */
    void write(Headers headers, String reason) {
        strip(headers);
        TextHeaders.add(headers, ATTEMPTS, Integer.toString(attempts));
        TextHeaders.add(headers, DUE, due.toString());
        TextHeaders.add(headers, TOPIC, topic);
        TextHeaders.add(headers, PARTITION, Integer.toString(partition));
        TextHeaders.add(headers, OFFSET, Long.toString(offset));
        TextHeaders.add(headers, TIMESTAMP, timestamp.toString());
        TextHeaders.add(headers, REASON, reason);
    }
}
