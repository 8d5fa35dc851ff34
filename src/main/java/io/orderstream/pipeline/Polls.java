package io.orderstream.pipeline;

import java.util.Map;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.average.PartitionProgress;
import io.orderstream.average.TotalsCommit;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;

/** What SmallRye's classes know of a poll and its interfaces do not say. */
final class Polls {

    private Polls() {
    }

    /** SmallRye's class behind the interface, which alone knows offset and generation. */
    @SuppressWarnings("unchecked")
    static IncomingKafkaRecord<byte[], byte[]> unwrap(KafkaRecord<byte[], byte[]> record) {
        return record.unwrap(IncomingKafkaRecord.class);
    }

    /**
     * A poll may have read on behind its last record, over the marks of transactions, and the offset to commit has to follow: a
     * partition that ends with such a mark would otherwise seem to lag for ever. To be called when all records are taken.
     */
    static void noteEnd(KafkaRecordBatch<byte[], byte[]> records, TotalsCommit commits) {
        Map<TopicPartition, OffsetAndMetadata> ends = records.getMetadata(IncomingKafkaRecordBatchMetadata.class)
                .map(metadata -> ((IncomingKafkaRecordBatchMetadata<?, ?>) metadata).getRecords().nextOffsets())
                .orElse(Map.of());
        records.getLatestOffsetRecords().forEach((partition, last) -> {
            PartitionProgress progress = commits.progress(partition.topic(), partition.partition());
            OffsetAndMetadata end = ends.get(partition);
            if (progress != null && end != null) {
                progress.readUpTo(end.offset(), unwrap(last).getConsumerGroupGenerationId());
            }
        });
    }
}
