package io.orderstream.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks into topics without a consumer group: at where they end, and at the records between two offsets. It reads committed
 * records only, and does not take what an open transaction hides for absent.
 * <p>
 * Methods block, and throw a {@link KafkaException} if the broker does not answer in time. Not thread safe.
 */
public final class TopicReader implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    /** Transactions are usually shorter. */
    private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(2);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final KafkaConnections connections;
    private final String clientId;
    private final Admin admin;
    private Consumer<byte[], byte[]> consumer;

    /** @param clientId shown in the broker's logs and metrics */
    public TopicReader(KafkaConnections connections, String clientId) {
        this.connections = connections;
        this.clientId = clientId;
        this.admin = connections.admin();
    }

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            consumer = connections.consumer(clientId, Map.of());
        }
        return consumer;
    }

    /** Returns the number of partitions of each topic there is. */
    public Map<String, Integer> topics() {
        return consumer().listTopics().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, topic -> topic.getValue().size()));
    }

    /** Returns where those of these topics end that exist, records of open transactions included. */
    public TopicEnds ends(Collection<String> topics) {
        Map<String, TopicDescription> existing = describe(admin, topics);
        return new TopicEnds(ends(partitions(existing)), ids(existing));
    }

    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest = partitions.stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return latest.isEmpty() ? Map.of()
                : KafkaFutures.await(admin.listOffsets(latest).all()).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    }

    /** Returns where those of these topics end that exist, for who does not want to wait for open transactions. */
    public TopicEnds committedEnds(Collection<String> topics) {
        Map<String, TopicDescription> existing = describe(admin, topics);
        return new TopicEnds(consumer().endOffsets(partitions(existing)), ids(existing));
    }

    /** Returns the first offset of each partition. */
    public Map<TopicPartition, Long> beginnings(Set<TopicPartition> partitions) {
        return consumer().beginningOffsets(partitions);
    }

    /** @throws OpenTransactionException if the records before these offsets cannot all be read yet */
    public void requireCommitted(Map<TopicPartition, Long> ends) {
        consumer().endOffsets(ends.keySet()).forEach((partition, committed) -> {
            if (committed < ends.get(partition)) {
                throw new OpenTransactionException(partition, committed);
            }
        });
    }

    /**
     * Reads the committed records between two offsets of each partition, in offset order within a partition; deleted ones are
     * skipped.
     *
     * @param from start offset of each partition
     * @param to end offset of each of these partitions, exclusive
     * @param records receives the records
     * @param pulse called several times a second; may throw to end the read
     * @throws OpenTransactionException if a transaction of more than two seconds hides some of them
     * @throws TimeoutException if nothing is read for ten seconds, as when the broker or a topic is away
     */
    public void scan(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> records, Runnable pulse) {
        TopicScan.scan(consumer(), from, to, new Progress(to, records, pulse));
    }

    /** Ends a scan that does not get on. What is skipped counts as progress: records of an aborted transaction may be many. */
    private final class Progress implements TopicScan.Visitor {

        private final Map<TopicPartition, Long> to;
        private final java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> records;
        private final Runnable pulse;
        private Map<TopicPartition, Long> positions = Map.of();
        private long sinceNanos = System.nanoTime();

        Progress(Map<TopicPartition, Long> to, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> records,
                Runnable pulse) {
            this.to = to;
            this.records = records;
            this.pulse = pulse;
        }

        @Override
        public boolean visit(ConsumerRecord<byte[], byte[]> record) {
            records.accept(record);
            return true;
        }

        @Override
        public void polled() {
            pulse.run();
            Map<TopicPartition, Long> now = consumer.assignment().stream()
                    .collect(Collectors.toMap(partition -> partition, consumer::position));
            if (!now.equals(positions)) {
                positions = now;
                sinceNanos = System.nanoTime();
                return;
            }
            long silentNanos = System.nanoTime() - sinceNanos;
            if (silentNanos > LONGEST_TRANSACTION.toNanos()) {
                requireReadable();
            }
            if (silentNanos > LONGEST_SILENCE.toNanos()) {
                throw new TimeoutException("no record for " + LONGEST_SILENCE.toSeconds() + " s where there must be some");
            }
        }

        private void requireReadable() {
            consumer.endOffsets(positions.keySet()).forEach((partition, committed) -> {
                long position = positions.get(partition);
                if (position >= committed && position < to.get(partition)) {
                    throw new OpenTransactionException(partition, position);
                }
            });
        }
    }

    /** Returns those of these topics that exist and may be seen. */
    static Map<String, TopicDescription> describe(Admin admin, Collection<String> topics) {
        Map<String, TopicDescription> existing = new HashMap<>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, answer) -> {
            try {
                existing.put(topic, KafkaFutures.await(answer));
            } catch (UnknownTopicOrPartitionException | InvalidTopicException | TopicAuthorizationException e) {
                // To us it does not exist.
            }
        });
        return existing;
    }

    /** Returns the ids of topics, without those that have none, as of a broker before Kafka 2.8. */
    static Map<String, String> ids(Map<String, TopicDescription> topics) {
        return topics.values().stream().filter(topic -> !topic.topicId().equals(Uuid.ZERO_UUID))
                .collect(Collectors.toMap(TopicDescription::name, topic -> topic.topicId().toString()));
    }

    private static Set<TopicPartition> partitions(Map<String, TopicDescription> topics) {
        return topics.values().stream().flatMap(topic -> topic.partitions().stream()
                .map(info -> new TopicPartition(topic.name(), info.partition()))).collect(Collectors.toSet());
    }

    /**
     * Closes the consumer; the next look makes a new one. A consumer that nobody polls keeps the connections that the
     * broker has closed, so a reader that is kept has to be closed after its work.
     */
    @Override
    public void close() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            consumer = null;
        }
    }
}
