package io.orderstream.monitoring;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import io.orderstream.kafka.KafkaFutures;
import io.orderstream.kafka.OffsetGaps;
import io.orderstream.kafka.OffsetRuns;
import io.orderstream.kafka.PartitionLag;
import io.orderstream.kafka.TopicScan;

/**
 * Computes the lag of consumer groups on the broker's side: records between the committed offset and the end of each partition,
 * also those that wait for the end of a transaction. So it is right for a paused consumer and for a group without members.
 * Methods block.
 */
final class GroupLag {

    /**
     * Up to so many records are read and counted. The markers of transactions and what was aborted take offsets too, so that an
     * idle retry topic would have a lag for ever. More records are not counted, but taken for as many as there are offsets.
     */
    private static final int COUNTED = 100;

    private final Admin admin;
    private final OffsetGaps gaps;
    private final Duration longestScan;

    /**
     * @param gaps is told which offsets hold no record
     * @param longestScan time limit for counting the records of a topic; those of the partitions left are not counted
     */
    GroupLag(Admin admin, OffsetGaps gaps, Duration longestScan) {
        this.admin = admin;
        this.gaps = gaps;
        this.longestScan = longestScan;
    }

    /** Counts the records of a partition, up to a number and within a time limit. */
    private static final class Count implements TopicScan.Visitor {

        private final OffsetRuns.Builder offsets = new OffsetRuns.Builder();
        private final long deadlineNanos;
        private int records;

        Count(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public boolean visit(ConsumerRecord<byte[], byte[]> record) {
            offsets.add(record.offset(), record.offset() + 1);
            return ++records <= COUNTED;
        }

        @Override
        public void polled() {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new TimeoutException("the records do not come in time");
            }
        }
    }

    /**
     * Returns the lag of a group for each partition of a topic, from its beginning if nothing is committed.
     *
     * @param consumer a consumer with isolation level {@code read_committed} that no other thread uses meanwhile
     * @throws KafkaException if the broker does not answer within its timeouts, or rejects a request
     */
    Map<TopicPartition, PartitionLag> of(Consumer<byte[], byte[]> consumer, String group, String topic) {
        Map<TopicPartition, Long> committed = KafkaFutures
                .await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).entrySet().stream()
                .filter(commit -> commit.getValue() != null && commit.getKey().topic().equals(topic))
                .collect(Collectors.toMap(Map.Entry::getKey, commit -> commit.getValue().offset()));
        return behind(consumer, topic, committed);
    }

    /** Returns the lag of a reader without a consumer group that has reached these offsets. */
    Map<TopicPartition, PartitionLag> behind(Consumer<byte[], byte[]> consumer, String topic,
            Map<TopicPartition, Long> offsets) {
        List<TopicPartition> partitions = TopicScan.partitions(consumer, topic);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = ends(partitions);
        // Asked for after the ends: a transaction that ends meanwhile is not open in between.
        Map<TopicPartition, Long> readable = consumer.endOffsets(partitions);
        long deadlineNanos = System.nanoTime() + longestScan.toNanos();
        Map<TopicPartition, PartitionLag> lags = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long end = ends.get(partition);
            long committed = Math.max(offsets.getOrDefault(partition, 0L), beginnings.get(partition));
            // An offset beyond the end, as after an unclean leader election, is reset to the beginning.
            long from = committed > end ? beginnings.get(partition) : committed;
            long to = Math.max(from, Math.min(readable.get(partition), end));
            lags.put(partition, new PartitionLag(records(consumer, partition, from, to, deadlineNanos) + end - to, end - to));
        }
        return lags;
    }

    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest = partitions.stream()
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        Map<TopicPartition, ListOffsetsResultInfo> ends = KafkaFutures.await(admin.listOffsets(latest).all());
        return ends.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    }

    /** How many records can be read from {@code from} (inclusive) to {@code to} (exclusive). */
    private long records(Consumer<byte[], byte[]> consumer, TopicPartition partition, long from, long to, long deadlineNanos) {
        Count count = new Count(deadlineNanos);
        try {
            TopicScan.scan(consumer, Map.of(partition, from), Map.of(partition, to), count);
        } catch (TimeoutException e) {
            gaps.forget(partition);
            return to - from;
        }
        if (count.records > COUNTED) {
            gaps.forget(partition);
            return to - from;
        }
        gaps.found(partition, from, to, count.offsets.build());
        return count.records;
    }
}
