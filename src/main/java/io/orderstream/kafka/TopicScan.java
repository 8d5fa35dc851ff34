package io.orderstream.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads the records of partitions between two offsets, once. Blocks. */
public final class TopicScan {

    private static final Duration POLL = Duration.ofMillis(200);

    private TopicScan() {
    }

    /** Receives the records, in offset order within a partition. */
    @FunctionalInterface
    public interface Visitor {

        /** @return false to stop reading */
        boolean visit(ConsumerRecord<byte[], byte[]> record);

        /** Called after each poll, also while the broker is unavailable; may throw to end the read. */
        default void polled() {
            // optional
        }
    }

    /** The partitions of a topic; none if there is no such topic. */
    public static List<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        return infos == null ? List.of() : infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    }

    /**
     * Reads from {@code from} (inclusive) to {@code to} (exclusive); deleted records are skipped.
     *
     * @param consumer a consumer not used by others meanwhile; its assignment is replaced
     * @param from start offset of each partition
     * @param to end offset of each of these partitions
     * @throws org.apache.kafka.common.KafkaException if a position is not available within the consumer's timeout;
     *         while polling, this waits for an unavailable broker without limit
     */
    public static void scan(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to,
            Visitor visitor) {
        List<TopicPartition> open = from.keySet().stream()
                .filter(partition -> from.get(partition) < to.get(partition)).toList();
        consumer.assign(open);
        open.forEach(partition -> consumer.seek(partition, from.get(partition)));
        while (!open.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < to.get(new TopicPartition(record.topic(), record.partition()))
                        && !visitor.visit(record)) {
                    return;
                }
            }
            visitor.polled();
            open = open.stream().filter(partition -> consumer.position(partition) < to.get(partition)).toList();
            if (open.size() < consumer.assignment().size()) {
                // The remaining partitions keep their positions.
                consumer.assign(open);
            }
        }
    }
}
