package io.orderstream.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads what stands in partitions between two offsets, once. Blocks. */
public final class TopicScan {

    private static final Duration POLL = Duration.ofMillis(200);

    private TopicScan() {
    }

    /** Who is given the records, in the order of their offsets within a partition. */
    @FunctionalInterface
    public interface Visitor {

        /** @return false to read no further */
        boolean visit(ConsumerRecord<byte[], byte[]> record);

        /** Called after each poll, also while the broker is away. It ends the reading by throwing. */
        default void polled() {
            // most have the time
        }
    }

    /** The partitions of a topic; none if there is no such topic. */
    public static List<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        return infos == null ? List.of() : infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    }

    /**
     * Reads from {@code from} to {@code to}; what is no longer there is left out.
     *
     * @param consumer used by nobody else meanwhile; its assignment is replaced
     * @param from the first offset of each partition
     * @param to the offset behind the last of each partition, for the same partitions
     * @throws org.apache.kafka.common.KafkaException if the broker does not answer within the consumer's time-out for a
     *         position; while it is away in the middle of a read, this waits
     */
    public static void scan(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to,
            Visitor visitor) {
        List<TopicPartition> open = open(from, to);
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
                // The rest keep their positions.
                consumer.assign(open);
            }
        }
    }

    private static List<TopicPartition> open(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        return from.keySet().stream().filter(partition -> from.get(partition) < to.get(partition)).toList();
    }
}
