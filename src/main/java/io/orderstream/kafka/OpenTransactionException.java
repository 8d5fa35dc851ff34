package io.orderstream.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Thrown if an open transaction hides records that have to be read before anything is decided. The transaction ends when its
 * producer commits or aborts it, or by the broker after its time-out; then the same read succeeds.
 */
public final class OpenTransactionException extends KafkaException {

    private static final long serialVersionUID = 1L;

    /** @param offset the first offset that cannot be read */
    OpenTransactionException(TopicPartition partition, long offset) {
        super("an open transaction hides the records of " + partition + " from offset " + offset + " on");
    }
}
