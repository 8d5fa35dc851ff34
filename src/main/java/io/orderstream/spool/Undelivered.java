package io.orderstream.spool;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record its producer has given up.
 *
 * @param record the record, with the time it was produced
 * @param deadLetterTopic where its dead letter goes
 * @param producer who could not write it; the group of its dead letter
 * @param tries how often it was tried
 * @param failure the last failure
 */
public record Undelivered(ProducerRecord<byte[], byte[]> record, String deadLetterTopic, String producer, int tries,
        Throwable failure) {
}
