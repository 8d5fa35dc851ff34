package io.orderstream.deadletter;

import java.io.IOException;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Dead letters that are too large for their topics, kept whole by this instance. Methods block; thread safe. */
public interface KeptLetters {

    /**
     * Keeps a letter; it is on disk when this returns. Keeping the letter of the same record again has no further effect.
     *
     * @param letter the whole letter, as it was to be written
     * @throws IOException if there is no room for it, or the disk cannot be written
     */
    KeptLetter keep(ProducerRecord<byte[], byte[]> letter) throws IOException;

    /**
     * Returns a dead letter as it was before it was shortened, or the letter itself if it has not been.
     *
     * @param letter a record of a dead-letter topic
     * @return a record at the same place; empty if this instance does not have what is missing
     */
    Optional<ConsumerRecord<byte[], byte[]>> whole(ConsumerRecord<byte[], byte[]> letter);
}
