package io.orderstream.deadletter;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.orderstream.support.TextHeaders;

/**
 * A record of a dead-letter topic, as described by its headers. Dead letters of other applications, which have only
 * SmallRye's headers, are supported: missing values are empty, 0 or null. Of each text the first 1,000 characters are
 * kept.
 *
 * @param topic the dead-letter topic
 * @param partition partition of the dead-letter topic
 * @param offset offset in this partition
 * @param origin the original record, null if the headers do not tell
 * @param kind label of a {@link DeadLetterKind}, or {@value #UNKNOWN}
 * @param reason message of the failure
 * @param exception class of the failure
 * @param attempts number of attempts of the handler, null if the headers do not tell
 * @param consumerGroup consumer group that dead-lettered the record
 * @param at when the record was dead-lettered
 * @param originalAt timestamp of the original record, null if the headers do not tell
 * @param redriveCount how often the record had been redriven before
 * @param redriveId id of the job that redrove it last, empty if none did
 * @param kept where the whole letter is, null if this is it
 */
public record DeadLetter(String topic, int partition, long offset, Origin origin, String kind, String reason, String exception,
        Integer attempts, String consumerGroup, Instant at, Instant originalAt, int redriveCount, String redriveId,
        KeptLetter kept) {

    /** Header of a redriven record and of its later dead letters, exactly one: how often the record has been redriven. */
    public static final String REDRIVE_COUNT = "redrive-count";
    /** Such a header too: id of the job that redrove it last. */
    public static final String REDRIVE_ID = "redrive-id";
    /** Such a header too: the original record, as {@link Origin#toString}. */
    public static final String REDRIVE_ORIGIN = "redrive-origin";
    /** With it: the original record's timestamp, ISO-8601 in UTC, if it is known. */
    public static final String REDRIVE_ORIGIN_TIMESTAMP = "redrive-origin-timestamp";

    /** Kind of a dead letter without a valid header for it. */
    public static final String UNKNOWN = "unknown";

    /** All kinds of dead letters. */
    public static final List<String> KINDS = Stream.concat(Stream.of(DeadLetterKind.values()).map(DeadLetterKind::label),
            Stream.of(UNKNOWN)).toList();

    // Times outside of these cannot be computed with or formatted, and count as missing.
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    /** Reads the headers of a record of a dead-letter topic. Never fails, whatever they contain. */
    public static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        return new DeadLetter(record.topic(), record.partition(), record.offset(), origin(record).orElse(null),
                text(record, DeadLetterHeaders.KIND).filter(KINDS::contains).orElse(UNKNOWN),
                text(record, DeadLetterHeaders.REASON).orElse(""),
                text(record, DeadLetterHeaders.EXCEPTION_CLASS_NAME).orElse(""),
                count(record, DeadLetterHeaders.ATTEMPTS).orElse(null),
                text(record, DeadLetterHeaders.GROUP).orElse(""),
                time(record, DeadLetterHeaders.TIMESTAMP).orElseGet(() -> Instant.ofEpochMilli(record.timestamp())),
                time(record, DeadLetterHeaders.ORIGINAL_TIMESTAMP).orElse(null),
                count(record, REDRIVE_COUNT).orElse(0),
                text(record, REDRIVE_ID).orElse(""), KeptLetter.read(record.headers()).orElse(null));
    }

    /** The reason without numbers and ids, which all dead letters of a group have in common. */
    public String foldedReason() {
        return Reasons.fold(reason);
    }

    /** Id of its group: {@link Reasons#groupId} of kind and folded reason. */
    public String reasonGroup() {
        return Reasons.groupId(kind, foldedReason());
    }

    /** Position in the dead-letter topic. */
    public DeadLetterFilter.Coordinates coordinates() {
        return new DeadLetterFilter.Coordinates(topic, partition, offset);
    }

    private static Optional<Origin> origin(ConsumerRecord<byte[], byte[]> record) {
        return Origin.ofRedriven(record.headers()).or(() -> source(record));
    }

    /**
     * Returns the record that failed. Unless it had been redriven before, it is the origin too.
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
                ? Optional.of(Origin.record(topic.get(), partition.get(), offset.get())
                        .at(time(record, DeadLetterHeaders.ORIGINAL_TIMESTAMP).orElse(null)))
                : Optional.empty();
    }

    /** The first header of that name: headers appended later do not count. Only its beginning is kept in memory. */
    private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
        return TextHeaders.first(record.headers(), name).map(text -> Reasons.cut(text, Reasons.LONGEST_REASON));
    }

    /** Returns the non-negative number in the first header of a name, empty if there is none. */
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
        return text(record, name).flatMap(DeadLetter::parseTime);
    }

    /** @return empty if the text is not a time */
    static Optional<Instant> parseTime(String text) {
        try {
            return Optional.of(Instant.parse(text)).filter(DeadLetter::isPossible);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static boolean isPossible(Instant time) {
        return time != null && !time.isBefore(EARLIEST) && !time.isAfter(LATEST);
    }
}
