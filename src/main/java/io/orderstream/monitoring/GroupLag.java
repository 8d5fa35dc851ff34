package io.orderstream.monitoring;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import io.orderstream.kafka.KafkaFutures;
import io.orderstream.kafka.TopicScan;

/**
 * How far consumer groups are behind, as the broker tells: the committed offset of each partition against its end. That holds
 * for a consumer that is paused, or for none at all. Blocks.
 */
final class GroupLag {

    /**
     * So many offsets are looked through for records. The end of a transaction has an offset of its own, so that a retry
     * topic in which nothing is left would seem to have something for ever.
     */
    private static final long LOOKED_THROUGH = 100;

    /** For these; a scan waits for a broker or a partition that is gone. */
    private static final Duration LONGEST_SCAN = Duration.ofSeconds(5);

    private final Admin admin;
    private final Duration longestScan;

    GroupLag(Admin admin) {
        this(admin, LONGEST_SCAN);
    }

    /** Test seam: injects how long records are looked for. */
    GroupLag(Admin admin, Duration longestScan) {
        this.admin = admin;
        this.longestScan = longestScan;
    }

    /** Counts what is there, for so long at the most. */
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
     * The lag of a group in each partition of a topic; where nothing is committed, from the partition's beginning.
     *
     * @param consumer used by nobody else meanwhile; reads what is committed only
     * @throws KafkaException if the broker does not answer, or not within seconds, or refuses
     */
    Map<TopicPartition, Long> of(Consumer<byte[], byte[]> consumer, String group, String topic) {
        Map<TopicPartition, Long> committed = committed(group).entrySet().stream()
                .filter(commit -> commit.getValue() != null && commit.getKey().topic().equals(topic))
                .collect(Collectors.toMap(Map.Entry::getKey, commit -> commit.getValue().offset()));
        return behind(consumer, topic, committed);
    }

    /** The same for who reads without a group, and has come to these offsets. */
    Map<TopicPartition, Long> behind(Consumer<byte[], byte[]> consumer, String topic, Map<TopicPartition, Long> offsets) {
        List<TopicPartition> partitions = TopicScan.partitions(consumer, topic);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> lags = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long from = Math.max(offsets.getOrDefault(partition, 0L), beginnings.get(partition));
            // A consumer whose offset is gone, as after the loss of a partition's leader, begins anew.
            lags.put(partition, ends.get(partition) - (from > ends.get(partition) ? beginnings.get(partition) : from));
        }
        countRecords(consumer, lags, ends);
        return lags;
    }

    private void countRecords(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> lags,
            Map<TopicPartition, Long> ends) {
        LongPredicate isLookedThrough = lag -> lag > 0 && lag <= LOOKED_THROUGH;
        Map<TopicPartition, Long> from = lags.entrySet().stream().filter(lag -> isLookedThrough.test(lag.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, lag -> ends.get(lag.getKey()) - lag.getValue()));
        Count count = new Count(from.keySet(), longestScan);
        TopicScan.scan(consumer, from, ends, count);
        count.records.forEach((partition, records) -> lags.put(partition, records.get()));
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        return KafkaFutures.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }
}
