package io.orderstream.deadletter;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.orderstream.support.TextHeaders;

/**
 * What the headers of one record in a dead-letter topic say. Letters of other applications, which have
 * SmallRye's headers alone, can be read too; what is not there is empty, 0 or null. Of a text the
 * first 1,000 characters are kept.
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
public record DeadLetter(String topic, int partition, long offset, Origin origin, String kind, String reason, String exception,
        Integer attempts, String consumerGroup, Instant at, Instant originalAt, int redriveCount, String redriveId) {

    /** The kind of a letter without that header, or with one of somebody else's making. */
    public static final String UNKNOWN = "unknown";

    /** Every kind a letter can have. */
    public static final List<String> KINDS = Stream.concat(Stream.of(DeadLetterKind.values()).map(DeadLetterKind::label),
            Stream.of(UNKNOWN)).toList();

    // Whatever a header holds is kept in memory: no more of it than this.
    private static final int LONGEST_TEXT = Reasons.LONGEST_REASON;
    // Years that can be computed and written with; what is beyond was no time.
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    /** Reads the headers of a record of a dead-letter topic. Never fails: whatever they hold, it is a letter. */
    public static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        return new DeadLetter(record.topic(), record.partition(), record.offset(), origin(record).orElse(null),
                text(record, DeadLetterHeaders.KIND).filter(KINDS::contains).orElse(UNKNOWN),
                text(record, DeadLetterHeaders.REASON).orElse(""),
                text(record, DeadLetterHeaders.EXCEPTION_CLASS_NAME).orElse(""),
                count(record, DeadLetterHeaders.ATTEMPTS).orElse(null),
                text(record, DeadLetterHeaders.GROUP).orElse(""),
                time(record, DeadLetterHeaders.TIMESTAMP).orElseGet(() -> Instant.ofEpochMilli(record.timestamp())),
                time(record, DeadLetterHeaders.ORIGINAL_TIMESTAMP).orElse(null),
                count(record, RedriveHeaders.COUNT).orElse(0),
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
    public DeadLetterFilter.Coordinates coordinates() {
        return new DeadLetterFilter.Coordinates(topic, partition, offset);
    }

    private static Optional<Origin> origin(ConsumerRecord<byte[], byte[]> record) {
        return text(record, RedriveHeaders.ORIGIN).flatMap(Origin::parse).or(() -> source(record));
    }

    /**
     * The record whose failure this letter is about. It is the origin, too, unless that had been redriven before.
     *
     * @return empty if the headers do not tell
     */
    static Optional<Origin> source(ConsumerRecord<byte[], byte[]> record) {
        Optional<String> topic = text(record, DeadLetterHeaders.TOPIC);
        Optional<String> spoolId = text(record, DeadLetterHeaders.SPOOL_ID);
        if (topic.isPresent() && spoolId.isPresent()) {
            return Optional.of(Origin.spooled(topic.get(), spoolId.get()));
        }
        Optional<Integer> partition = count(record, DeadLetterHeaders.PARTITION);
        Optional<Long> offset = number(record, DeadLetterHeaders.OFFSET);
        return topic.isPresent() && partition.isPresent() && offset.isPresent()
                ? Optional.of(Origin.record(topic.get(), partition.get(), offset.get()))
                : Optional.empty();
    }

    /** The first header of a name: who adds to a letter's headers adds behind. */
    private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
        return TextHeaders.first(record.headers(), name).map(text -> Reasons.cut(text, LONGEST_TEXT));
    }

    /** The number in the first header of a name, empty if it is none. */
    public static Optional<Long> number(ConsumerRecord<byte[], byte[]> record, String name) {
        try {
            return text(record, name).map(Long::valueOf).filter(number -> number >= 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> count(ConsumerRecord<byte[], byte[]> record, String name) {
        return number(record, name).filter(number -> number <= Integer.MAX_VALUE).map(Long::intValue);
    }

    private static Optional<Instant> time(ConsumerRecord<byte[], byte[]> record, String name) {
        try {
            return text(record, name).map(Instant::parse).filter(time -> !time.isBefore(EARLIEST) && !time.isAfter(LATEST));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
