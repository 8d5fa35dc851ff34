package io.orderstream.pipeline;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.commit.OffsetTracker;
import io.orderstream.commit.TotalsCommit;
import io.orderstream.kafka.PolledPartition;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;

/** The records of one poll, taken one after the other. Knows of SmallRye's classes what their interfaces do not say. */
final class PolledBatch {

    private final KafkaRecordBatch<byte[], byte[]> batch;
    private final Iterator<KafkaRecord<byte[], byte[]>> messages;
    private final UniEmitter<? super Void> taken;
    private IncomingKafkaRecord<byte[], byte[]> message;
    private Iterator<ConsumerRecord<byte[], byte[]>> rest = Collections.emptyIterator();
    private ConsumerRecord<byte[], byte[]> next;

    /** @param taken completed when all are taken */
    PolledBatch(KafkaRecordBatch<byte[], byte[]> batch, UniEmitter<? super Void> taken) {
        this.batch = batch;
        this.messages = batch.getRecords().iterator();
        this.taken = taken;
    }

    boolean hasNext() {
        return next != null || rest.hasNext() || messages.hasNext();
    }

    /** The next record, the same one until it is removed. */
    ConsumerRecord<byte[], byte[]> peek() {
        if (next == null) {
            if (!rest.hasNext()) {
                message = unwrap(messages.next());
                rest = PolledPartition.take(message).iterator();
            }
            next = rest.next();
        }
        return next;
    }

    /** The message with which SmallRye has handed over the record that was looked at last. */
    IncomingKafkaRecord<byte[], byte[]> message() {
        return message;
    }

    /** Removes the record that was looked at last. */
    void remove() {
        next = null;
    }

    /** SmallRye's class behind the interface, which alone knows offset and generation. */
    @SuppressWarnings("unchecked")
    private static IncomingKafkaRecord<byte[], byte[]> unwrap(KafkaRecord<byte[], byte[]> record) {
        return record.unwrap(IncomingKafkaRecord.class);
    }

    /**
     * All are taken. A poll may have read on behind its last record, over the marks of transactions, and the offset to commit
     * has to follow: a partition that ends with such a mark would otherwise seem to lag for ever.
     */
    void end(TotalsCommit commits) {
        try {
            readToEnd(commits);
        } finally {
            taken.complete(null);
        }
    }

    private void readToEnd(TotalsCommit commits) {
        Map<TopicPartition, OffsetAndMetadata> ends = batch.getMetadata(IncomingKafkaRecordBatchMetadata.class)
                .map(metadata -> ((IncomingKafkaRecordBatchMetadata<?, ?>) metadata).getRecords().nextOffsets())
                .orElse(Map.of());
        batch.getLatestOffsetRecords().forEach((partition, last) -> {
            OffsetTracker progress = commits.progress(partition.topic(), partition.partition());
            OffsetAndMetadata end = ends.get(partition);
            if (progress != null) {
                // There is none if SmallRye has taken records of other partitions out, which were given away.
                progress.readUpTo(end == null ? PolledPartition.end(unwrap(last)) : end.offset(),
                        unwrap(last).getConsumerGroupGenerationId());
            }
        });
    }
}
