package io.orderstream.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.testsupport.TopicClient;

/** The lag of groups, against a broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupLagTest {

    private EmbeddedKafka kafka;
    private TopicClient topics;
    private Admin admin;
    private GroupLag lag;
    private Consumer<byte[], byte[]> consumer;
    private String topic;
    private String group;

    @BeforeAll
    void startBroker(@TempDir Path directory) {
        kafka = new EmbeddedKafka(0, directory);
        kafka.start();
        topics = new TopicClient(kafka.bootstrapServers());
        admin = topics.admin();
        lag = new GroupLag(admin, Duration.ofSeconds(5));
        consumer = new KafkaConsumer<>(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @AfterAll
    void stop() {
        consumer.close();
        admin.close();
        topics.close();
        kafka.close();
    }

    @BeforeEach
    void makeTopic() {
        topic = "lag-" + UUID.randomUUID();
        group = "group-" + UUID.randomUUID();
        topics.create(topic, 2);
    }

    @AfterEach
    void forget() {
        consumer.unsubscribe();
    }

    @Test
    void shouldCountFromTheBeginningWhereNothingIsCommitted() {
        // Given
        send(0, 3);

        // Then
        assertThat(lag.of(consumer, group, topic)).isEqualTo(Map.of(partition(0), 3L, partition(1), 0L));
    }

    @Test
    void shouldCountWhatIsBehindTheCommittedOffset() throws ExecutionException, InterruptedException {
        // Given
        send(0, 10);
        send(1, 250);

        // When
        commit(Map.of(partition(0), 4L, partition(1), 20L));

        // Then
        assertThat(lag.of(consumer, group, topic)).isEqualTo(Map.of(partition(0), 6L, partition(1), 230L));
    }

    @Test
    void shouldLeaveOutWhatTheBrokerHasDeleted() throws ExecutionException, InterruptedException {
        // Given
        send(0, 10);
        commit(Map.of(partition(0), 2L));

        // When
        admin.deleteRecords(Map.of(partition(0), RecordsToDelete.beforeOffset(7))).all().get();

        // Then
        assertThat(lag.of(consumer, group, topic)).containsEntry(partition(0), 3L);
    }

    @Test
    void shouldNotTakeTheEndOfATransactionForARecord() throws ExecutionException, InterruptedException {
        // Given
        try (Producer<byte[], byte[]> producer = transactions()) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, 0, null, "committed".getBytes(UTF_8)));
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, 0, null, "aborted".getBytes(UTF_8)));
            producer.flush();
            producer.abortTransaction();
        }
        assertThat(lag.of(consumer, group, topic)).containsEntry(partition(0), 1L);

        // When
        commit(Map.of(partition(0), 1L));

        // Then
        assertThat(topics.ends(topic)).containsEntry(0, 4L);
        assertThat(lag.of(consumer, group, topic)).containsEntry(partition(0), 0L);
    }

    @Test
    void shouldCountForWhoReadsWithoutAGroup() {
        // Given
        send(0, 5);

        // Then
        assertThat(lag.behind(consumer, topic, Map.of(partition(0), 5L))).isEqualTo(Map.of(partition(0), 0L, partition(1), 0L));
        assertThat(lag.behind(consumer, topic, Map.of(partition(0), 3L))).containsEntry(partition(0), 2L);
    }

    @Test
    void shouldCountAllOfATopicThatWasMadeAnew() throws ExecutionException, InterruptedException {
        // Given
        send(0, 10);
        commit(Map.of(partition(0), 10L));
        admin.deleteTopics(List.of(topic)).all().get();
        await().until(() -> !admin.listTopics().names().get().contains(topic));

        // When
        topics.create(topic, 2);
        send(0, 3);

        // Then
        assertThat(lag.of(consumer, group, topic)).isEqualTo(Map.of(partition(0), 3L, partition(1), 0L));
        await().untilAsserted(() -> assertThat(topics.committed(group)).as("what the broker deletes with a topic").isEmpty());
    }

    @Test
    void shouldCountAllWhereTheCommittedOffsetIsBeyondTheEnd() throws ExecutionException, InterruptedException {
        // Given
        send(0, 3);

        // When
        commit(Map.of(partition(0), 10L));

        // Then
        assertThat(lag.of(consumer, group, topic)).containsEntry(partition(0), 3L);
    }

    @Test
    void shouldGiveUpWhereTheRecordsDoNotComeInTime() {
        // Given
        send(0, 3);
        GroupLag hasty = new GroupLag(admin, Duration.ZERO);

        // Then
        assertThatThrownBy(() -> hasty.of(consumer, group, topic)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void shouldFindNothingInATopicThatIsNotThere() {
        assertThat(lag.of(consumer, group, "absent-" + UUID.randomUUID())).isEmpty();
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    private void send(int partition, int count) {
        topics.send(IntStream.range(0, count)
                .mapToObj(number -> new ProducerRecord<byte[], byte[]>(topic, partition, null, new byte[] { 1 })).toList());
    }

    private void commit(Map<TopicPartition, Long> offsets) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        offsets.forEach((partition, offset) -> commits.put(partition, new OffsetAndMetadata(offset)));
        admin.alterConsumerGroupOffsets(group, commits).all().get();
    }

    private Producer<byte[], byte[]> transactions() {
        Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG, "transactions-" + topic),
                new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }
}
