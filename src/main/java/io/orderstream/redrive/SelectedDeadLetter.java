package io.orderstream.redrive;

import java.util.Comparator;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.deadletter.Origin;
import io.orderstream.deadletter.OriginMap;
import io.orderstream.support.TextHeaders;

/**
 * Position of a dead letter to be sent, without its content.
 *
 * @param partition partition of the dead-letter topic
 * @param offset offset in this partition
 * @param origin the original record
 * @param digest {@link OriginMap#digest} of its value
 * @param redriveCount how often it has been redriven
 * @param group kind and reason of the failure
 * @param bytes size of key and value in bytes
 * @param givenUpMillis when the record was given up, in milliseconds since 1970
 */
record SelectedDeadLetter(TopicPartition partition, long offset, Origin origin, int digest, int redriveCount, Group group,
        int bytes, long givenUpMillis) {

    private static final String DEAD_LETTER = "dead-letter-";

    /** Kind and reason. */
    record Group(String reasonGroup, String kind, String reason) {
    }

    /** Order in which one of several duplicates is chosen, always the same. */
    static final Comparator<SelectedDeadLetter> FIRST_COPY = Comparator
            .comparing((SelectedDeadLetter letter) -> letter.partition.topic())
            .thenComparingInt(letter -> letter.partition.partition()).thenComparingLong(SelectedDeadLetter::offset);

    DeadLetterFilter.Coordinates coordinates() {
        return new DeadLetterFilter.Coordinates(partition.topic(), partition.partition(), offset);
    }

    /** Whether this is the record that was selected, and not another one that has its position in a topic made anew since. */
    boolean isStill(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = DeadLetter.of(record);
        return origin.equals(letter.origin()) && redriveCount == letter.redriveCount()
                && digest == OriginMap.digest(record.value());
    }

    /**
     * Returns the record to send, with the headers of a redrive instead of those of a dead letter, and with a new
     * timestamp: retention might delete it at once with its original one.
     *
     * @param letter the record of the dead-letter topic
     * @param jobId the job that redrives it
     * @param partitions number of partitions of the target topic
     */
    ProducerRecord<byte[], byte[]> redriven(ConsumerRecord<byte[], byte[]> letter, String jobId, int partitions) {
        Headers headers = new RecordHeaders(Stream.of(letter.headers().toArray())
                .filter(header -> !header.key().startsWith(DEAD_LETTER)).toArray(Header[]::new));
        TextHeaders.set(headers, DeadLetter.REDRIVE_COUNT, Integer.toString(redriveCount + 1));
        TextHeaders.set(headers, DeadLetter.REDRIVE_ID, jobId);
        TextHeaders.set(headers, DeadLetter.REDRIVE_ORIGIN, origin.toString());
        headers.remove(DeadLetter.REDRIVE_ORIGIN_TIMESTAMP);
        if (origin.at() != null) {
            TextHeaders.add(headers, DeadLetter.REDRIVE_ORIGIN_TIMESTAMP, origin.at().toString());
        }
        // Where the failed record stood; if that is unknown or no longer there, the key decides.
        Integer there = DeadLetter.number(letter, DeadLetterHeaders.PARTITION).filter(number -> number < partitions)
                .map(Long::intValue).orElse(null);
        return new ProducerRecord<>(origin.topic(), there, letter.key(), letter.value(), headers);
    }
}
