package io.orderstream.redrive;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.support.TextHeaders;

/** Restores the original record of a dead letter and adds the headers of a redrive. */
final class RedrivenRecord {

    private static final String DEAD_LETTER = "dead-letter-";

    private RedrivenRecord() {
    }

    /**
     * Returns the record to send, with a new timestamp: retention might delete it at once with its original one.
     *
     * @param letter the record of the dead-letter topic
     * @param selected its origin and number of redrives
     * @param jobId the job that redrives it
     * @param partitions number of partitions of the target topic; without the original one, the key decides
     */
    static ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> letter, SelectedDeadLetter selected, String jobId,
            int partitions) {
        Headers headers = new RecordHeaders();
        for (Header header : letter.headers()) {
            if (!header.key().startsWith(DEAD_LETTER)) {
                headers.add(header);
            }
        }
        TextHeaders.set(headers, DeadLetter.REDRIVE_COUNT, Integer.toString(selected.redriveCount() + 1));
        TextHeaders.set(headers, DeadLetter.REDRIVE_ID, jobId);
        TextHeaders.set(headers, DeadLetter.REDRIVE_ORIGIN, selected.origin().toString());
        return new ProducerRecord<>(selected.origin().topic(), partition(letter, partitions), letter.key(), letter.value(),
                headers);
    }

    /** Where its failed record stood, null if that is unknown or no longer there. */
    private static Integer partition(ConsumerRecord<byte[], byte[]> letter, int partitions) {
        return DeadLetter.number(letter, DeadLetterHeaders.PARTITION).filter(partition -> partition < partitions)
                .map(Long::intValue).orElse(null);
    }
}
