package io.orderstream.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What the headers of one record in a dead-letter topic say. Letters of other applications, which have SmallRye's headers
 * alone,
 * can be read too; what is not there is empty, 0 or null.
 *
 * @param topic the dead-letter topic it stands in
 * @param partition its partition there
 * @param offset its offset there
 * @param origin what it was at first, null if its headers do not tell
 * @param kind a {@link DeadLetterKind}'s label, or {@value #UNKNOWN}
 * @param reason message of the failure
 * @param exception class of the failure
 * @param attempts times it was handed to the handler, null if its headers do not tell
 * @param consumerGroup who gave it up
 * @param at when it was given up
 * @param originalAt time of the original record, null if its headers do not tell
 * @param redriveCount how often it had been redriven before
 * @param redriveId the job that redrove it last, empty if none did
 */
public record Letter(String topic, int partition, long offset, Origin origin, String kind, String reason, String exception,
        Integer attempts, String consumerGroup, Instant at, Instant originalAt, int redriveCount, String redriveId) {

    /** The kind of a letter without that header. */
    public static final String UNKNOWN = "unknown";

    /** Reads the headers of a record of a dead-letter topic. Never fails: whatever they hold, it is a letter. */
    public static Letter of(ConsumerRecord<byte[], byte[]> record) {
        return new Letter(record.topic(), record.partition(), record.offset(), origin(record).orElse(null),
                text(record, DeadLetterHeaders.KIND).orElse(UNKNOWN), text(record, DeadLetterHeaders.REASON).orElse(""),
                text(record, DeadLetterHeaders.EXCEPTION_CLASS_NAME).orElse(""),
                number(record, DeadLetterHeaders.ATTEMPTS).map(Long::intValue).orElse(null),
                text(record, DeadLetterHeaders.GROUP).orElse(""),
                time(record, DeadLetterHeaders.TIMESTAMP).orElseGet(() -> Instant.ofEpochMilli(record.timestamp())),
                time(record, DeadLetterHeaders.ORIGINAL_TIMESTAMP).orElse(null),
                number(record, RedriveHeaders.COUNT).map(Long::intValue).orElse(0),
                text(record, RedriveHeaders.ID).orElse(""));
    }

    /** The reason without numbers and ids, which is the same for all letters of its group. */
    public String foldedReason() {
        return Reasons.fold(reason);
    }

    /** The name of its group: {@link Reasons#groupId} of kind and folded reason. */
    public String reasonGroup() {
        return Reasons.groupId(kind, foldedReason());
    }

    /** Where it stands in its dead-letter topic. */
    public LetterFilter.Coordinates coordinates() {
        return new LetterFilter.Coordinates(topic, partition, offset);
    }

    private static Optional<Origin> origin(ConsumerRecord<byte[], byte[]> record) {
        Optional<Origin> redriven = text(record, RedriveHeaders.ORIGIN).flatMap(Origin::parse);
        if (redriven.isPresent()) {
            return redriven;
        }
        Optional<String> topic = text(record, DeadLetterHeaders.TOPIC);
        Optional<String> spoolId = text(record, DeadLetterHeaders.SPOOL_ID);
        if (topic.isPresent() && spoolId.isPresent()) {
            return Optional.of(Origin.spooled(topic.get(), spoolId.get()));
        }
        Optional<Long> partition = number(record, DeadLetterHeaders.PARTITION);
        Optional<Long> offset = number(record, DeadLetterHeaders.OFFSET);
        return topic.isPresent() && partition.isPresent() && offset.isPresent()
                ? Optional.of(Origin.record(topic.get(), partition.get().intValue(), offset.get()))
                : Optional.empty();
    }

    /** The first header of a name: who adds to a letter's headers adds behind. */
    private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
        for (Header header : record.headers().headers(name)) {
            return header.value() == null ? Optional.empty()
                    : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
        }
        return Optional.empty();
    }

    private static Optional<Long> number(ConsumerRecord<byte[], byte[]> record, String name) {
        try {
            return text(record, name).map(Long::valueOf).filter(number -> number >= 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> time(ConsumerRecord<byte[], byte[]> record, String name) {
        try {
            return text(record, name).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
