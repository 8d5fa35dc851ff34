package io.orderstream.spool;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record that its producer could not write.
 *
 * @param record the record, with the time it was created
 * @param deadLetterTopic topic of its dead letter
 * @param producer name of the producer, used as the group of the dead letter
 * @param tries number of attempts
 * @param failure the last failure
 */
public record Undelivered(ProducerRecord<byte[], byte[]> record, String deadLetterTopic, String producer, int tries,
        Throwable failure) {
}
