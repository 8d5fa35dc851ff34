package io.orderstream.testsupport;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes to and reads from topics as any other program would, with kafka-clients alone. Not thread safe. */
public final class TopicClient implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final Producer<byte[], byte[]> producer;

    public TopicClient(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        // A test that takes the broker away decides for how long: the default of two minutes would be a bound of time.
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", "5",
                "delivery.timeout.ms", Integer.toString(Integer.MAX_VALUE)),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Writes records, and returns where each of them is once all are confirmed. */
    public List<RecordMetadata> send(List<ProducerRecord<byte[], byte[]>> records) {
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        producer.flush();
        List<RecordMetadata> confirmed = new ArrayList<>(sent.size());
        for (Future<RecordMetadata> each : sent) {
            confirmed.add(get(each));
        }
        return confirmed;
    }

    /** Writes a record in a transaction that is then aborted. */
    public void sendAborted(ProducerRecord<byte[], byte[]> record) {
        try (Producer<byte[], byte[]> transactional = sendOpen(List.of(record))) {
            transactional.abortTransaction();
        }
    }

    /** Writes records in a transaction that the caller ends with the producer returned, and then closes that. */
    public Producer<byte[], byte[]> sendOpen(List<ProducerRecord<byte[], byte[]>> records) {
        Producer<byte[], byte[]> transactional = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", UUID.randomUUID().toString()),
                new ByteArraySerializer(), new ByteArraySerializer());
        transactional.initTransactions();
        transactional.beginTransaction();
        records.forEach(transactional::send);
        transactional.flush();
        return transactional;
    }

    /** Writes one record with a key. */
    public RecordMetadata send(String topic, byte[] key, byte[] value) {
        return send(List.of(new ProducerRecord<>(topic, key, value))).get(0);
    }

    /** Every record a topic holds now, from its beginning, partition by partition, those of aborted transactions left out. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "allow.auto.create.topics", "false", "fetch.max.wait.ms", "10",
                        "isolation.level", "read_committed"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    /** A further member of a consumer group, which takes part once it is polled. */
    public Consumer<byte[], byte[]> member(String group, String topic) {
        Consumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "group.id", group, "enable.auto.commit", "false",
                        "partition.assignment.strategy", CooperativeStickyAssignor.class.getName()),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
        member.subscribe(List.of(topic));
        return member;
    }

    /**
     * Makes a topic, and returns when each partition is led. Before that, on a slow machine, a partition may refuse a
     * producer's first batch and take its second; the first is then out of sequence for ever.
     */
    public void create(String topic, int partitions) {
        try (Admin admin = admin()) {
            get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all());
        }
        await().atMost(PATIENCE).ignoreExceptions().until(() -> ends(topic).size() == partitions);
    }

    /** Deletes a topic, and returns when it is gone. */
    public void delete(String topic) {
        try (Admin admin = admin()) {
            get(admin.deleteTopics(List.of(topic)).all());
            await().atMost(PATIENCE).until(() -> !get(admin.listTopics().names()).contains(topic));
        }
    }

    /** Deletes a topic, and makes another one of that name. */
    public void makeAnew(String topic, int partitions) {
        delete(topic);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            create(topic, partitions);
            return true;
        });
    }

    /** From now on a topic takes batches of this size. */
    public void takeRecordsOf(String topic, int maxBytes) {
        ConfigEntry size = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxBytes));
        try (Admin admin = admin()) {
            get(admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic),
                    List.of(new AlterConfigOp(size, AlterConfigOp.OpType.SET)))).all());
        }
    }

    /** The end of each partition of a topic. */
    public Map<Integer, Long> ends(String topic) {
        return ends(topic, IsolationLevel.READ_UNCOMMITTED);
    }

    /** Whether transactions are open in a topic, so that what is behind their first record cannot be read yet. */
    public boolean hasOpenTransactions(String topic) {
        return !ends(topic, IsolationLevel.READ_COMMITTED).equals(ends(topic));
    }

    private Map<Integer, Long> ends(String topic, IsolationLevel isolation) {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetSpec> latest = get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic)
                    .partitions().stream()
                    .collect(
                            Collectors.toMap(info -> new TopicPartition(topic, info.partition()), info -> OffsetSpec.latest()));
            return get(admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all()).entrySet().stream()
                    .collect(Collectors.toMap(end -> end.getKey().partition(), end -> end.getValue().offset()));
        }
    }

    /** What a group has committed, by partition. */
    public Map<Integer, Long> committed(String group) {
        try (Admin admin = admin()) {
            return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).entrySet().stream()
                    .collect(Collectors.toMap(at -> at.getKey().partition(), at -> at.getValue().offset()));
        }
    }

    /** An admin client of the same broker; the caller closes it. */
    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** The value of the header, of which there must be exactly one. */
    public static String header(ConsumerRecord<?, ?> record, String name) {
        List<String> values = new ArrayList<>();
        record.headers().headers(name).forEach(header -> values.add(new String(header.value())));
        if (values.size() != 1) {
            throw new AssertionError("exactly one header " + name + " expected, but found " + values + " in "
                    + Arrays.toString(record.headers().toArray()));
        }
        return values.get(0);
    }

    private static <T> T get(Future<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
