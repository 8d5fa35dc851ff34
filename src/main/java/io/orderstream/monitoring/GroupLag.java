package io.orderstream.monitoring;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import io.orderstream.kafka.KafkaFutures;
import io.orderstream.kafka.TopicScan;

/**
 * Computes the lag of consumer groups on the broker's side: end offset less committed offset of each partition. So it
 * is right for a paused consumer and for a group without members. Methods block.
 */
final class GroupLag {

    /**
     * Up to this lag, records are read and counted. Transaction markers take offsets too, so that an empty retry
     * topic would have a lag for ever.
     */
    private static final long LOOKED_THROUGH = 100;

    private final Admin admin;
    private final Duration longestScan;

    /** @param longestScan time limit for counting records */
    GroupLag(Admin admin, Duration longestScan) {
        this.admin = admin;
        this.longestScan = longestScan;
    }

    /** Counts records by partition, within a time limit. */
    private static final class Count implements TopicScan.Visitor {

        private final Map<TopicPartition, AtomicLong> records = new HashMap<>();
        private final long sinceNanos = System.nanoTime();
        private final Duration longest;

        Count(Set<TopicPartition> partitions, Duration longest) {
            partitions.forEach(partition -> records.put(partition, new AtomicLong()));
            this.longest = longest;
        }

        @Override
        public boolean visit(ConsumerRecord<byte[], byte[]> record) {
            records.get(new TopicPartition(record.topic(), record.partition())).incrementAndGet();
            return true;
        }

        @Override
        public void polled() {
            if (System.nanoTime() - sinceNanos > longest.toNanos()) {
                throw new TimeoutException("no records within " + longest.toMillis() + " ms");
            }
        }
    }

    /**
     * Returns the lag of a group for each partition of a topic, from its beginning if nothing is committed.
     *
     * @param consumer a consumer with isolation level {@code read_committed} that no other thread uses meanwhile
     * @throws KafkaException if the broker does not answer within its timeouts, or rejects a request
     */
    Map<TopicPartition, Long> of(Consumer<byte[], byte[]> consumer, String group, String topic) {
        Map<TopicPartition, Long> committed = KafkaFutures
                .await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).entrySet().stream()
                .filter(commit -> commit.getValue() != null && commit.getKey().topic().equals(topic))
                .collect(Collectors.toMap(Map.Entry::getKey, commit -> commit.getValue().offset()));
        return behind(consumer, topic, committed);
    }

    /** Returns the lag of a reader without a consumer group that has reached these offsets. */
    Map<TopicPartition, Long> behind(Consumer<byte[], byte[]> consumer, String topic, Map<TopicPartition, Long> offsets) {
        List<TopicPartition> partitions = TopicScan.partitions(consumer, topic);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> lags = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long from = Math.max(offsets.getOrDefault(partition, 0L), beginnings.get(partition));
            // An offset beyond the end, as after an unclean leader election, is reset to the beginning.
            lags.put(partition, ends.get(partition) - (from > ends.get(partition) ? beginnings.get(partition) : from));
        }
        countRecords(consumer, lags, ends);
        return lags;
    }

    private void countRecords(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> lags,
            Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> from = lags.entrySet().stream()
                .filter(lag -> lag.getValue() > 0 && lag.getValue() <= LOOKED_THROUGH)
                .collect(Collectors.toMap(Map.Entry::getKey, lag -> ends.get(lag.getKey()) - lag.getValue()));
        Count count = new Count(from.keySet(), longestScan);
        TopicScan.scan(consumer, from, ends, count);
        count.records.forEach((partition, records) -> lags.put(partition, records.get()));
    }
}
