package io.orderstream.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
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
import io.orderstream.kafka.OffsetGaps;
import io.orderstream.kafka.PartitionLag;
import io.orderstream.testsupport.TopicClient;
import io.orderstream.totals.GroupTotals;

/** The lag of groups, against a broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupLagTest {

    private EmbeddedKafka kafka;
    private TopicClient topics;
    private Admin admin;
    private final OffsetGaps gaps = new OffsetGaps();
    private GroupLag lag;
    private GroupTotals rest;
    private Consumer<byte[], byte[]> consumer;
    private String topic;
    private String group;

    @BeforeAll
    void startBroker(@TempDir Path directory) {
        kafka = new EmbeddedKafka(0, directory);
        kafka.start();
        topics = new TopicClient(kafka.bootstrapServers());
        admin = topics.admin();
        lag = new GroupLag(admin, gaps, Duration.ofSeconds(5));
        rest = new GroupTotals(admin, gaps);
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
        assertThat(records()).isEqualTo(Map.of(partition(0), 3L, partition(1), 0L));
    }

    @Test
    void shouldCountWhatIsBehindTheCommittedOffset() throws ExecutionException, InterruptedException {
        // Given
        send(0, 10);
        send(1, 250);

        // When
        commit(Map.of(partition(0), 4L, partition(1), 20L));

        // Then
        assertThat(records()).isEqualTo(Map.of(partition(0), 6L, partition(1), 230L));
    }

    @Test
    void shouldLeaveOutWhatTheBrokerHasDeleted() throws ExecutionException, InterruptedException {
        // Given
        send(0, 10);
        commit(Map.of(partition(0), 2L));

        // When
        admin.deleteRecords(Map.of(partition(0), RecordsToDelete.beforeOffset(7))).all().get();

        // Then
        assertThat(records()).containsEntry(partition(0), 3L);
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
        assertThat(records()).containsEntry(partition(0), 1L);

        // When
        commit(Map.of(partition(0), 1L));

        // Then
        assertThat(topics.ends(topic)).containsEntry(0, 4L);
        assertThat(records()).containsEntry(partition(0), 0L);
    }

    @Test
    void shouldCountForWhoReadsWithoutAGroup() {
        // Given
        send(0, 5);

        // Then
        assertThat(records(look(lag, topic).behind(() -> consumer, topic, Map.of(partition(0), 5L))))
                .isEqualTo(Map.of(partition(0), 0L, partition(1), 0L));
        assertThat(records(look(lag, topic).behind(() -> consumer, topic, Map.of(partition(0), 3L))))
                .containsEntry(partition(0), 2L);
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
        assertThat(records()).isEqualTo(Map.of(partition(0), 3L, partition(1), 0L));
        await().untilAsserted(() -> assertThat(topics.committed(group)).as("what the broker deletes with a topic").isEmpty());
    }

    @Test
    void shouldCountAllWhereTheCommittedOffsetIsBeyondTheEnd() throws ExecutionException, InterruptedException {
        // Given
        send(0, 3);

        // When
        commit(Map.of(partition(0), 10L));

        // Then
        assertThat(records()).containsEntry(partition(0), 3L);
    }

    @Test
    void shouldTakeOffsetsForRecordsWhereTheRecordsDoNotComeInTime() throws ExecutionException, InterruptedException {
        // Given
        send(0, 3);
        topics.sendAborted(new ProducerRecord<>(topic, 0, null, new byte[] { 1 }));
        commit(Map.of(partition(0), 1L));
        GroupLag hasty = new GroupLag(admin, gaps, Duration.ZERO);

        // Then
        assertThat(records(look(hasty, topic).of(() -> consumer, group, topic))).containsEntry(partition(0), 4L);
        assertThat(records()).containsEntry(partition(0), 2L);
    }

    @Test
    void shouldCountWhatIsInAnOpenTransactionAndBehindItAndTellItApart() throws ExecutionException, InterruptedException {
        // Given
        send(0, 5);
        commit(Map.of(partition(0), 2L));
        try (Producer<byte[], byte[]> producer = transactions()) {
            producer.beginTransaction();
            IntStream.range(0, 6).forEach(any -> producer.send(new ProducerRecord<>(topic, 0, null, new byte[] { 1 })));
            producer.flush();
            send(0, 2);

            // Then
            assertEverywhere(2, new PartitionLag(3 + 8, 8));

            // When
            commit(Map.of(partition(0), 5L));

            // Then
            assertEverywhere(5, new PartitionLag(8, 8));

            // When
            producer.commitTransaction();

            // Then
            await().untilAsserted(() -> assertEverywhere(5, new PartitionLag(8, 0)));

            // When
            commit(Map.of(partition(0), 13L));

            // Then
            assertThat(topics.ends(topic)).as("with the marker").containsEntry(0, 14L);
            assertEverywhere(13, new PartitionLag(0, 0));
        }
    }

    @Test
    void shouldHaveNoLagInAnIdleTopicHoweverMuchWasAborted() throws ExecutionException, InterruptedException {
        // Given
        send(0, 1);
        commit(Map.of(partition(0), 1L));
        try (Producer<byte[], byte[]> producer = transactions()) {
            producer.beginTransaction();
            IntStream.range(0, 1_000).forEach(any -> producer.send(new ProducerRecord<>(topic, 0, null, new byte[] { 1 })));
            producer.flush();
            assertEverywhere(1, new PartitionLag(1_000, 1_000));

            // When
            producer.abortTransaction();
        }

        // Then
        await().untilAsserted(() -> assertEverywhere(1, new PartitionLag(0, 0)));

        // When
        send(0, 2);

        // Then
        assertEverywhere(1, new PartitionLag(2, 0));
    }

    @Test
    void shouldNeedNoConsumerWhereNothingIsLeftToBeRead() throws ExecutionException, InterruptedException {
        // Given
        send(0, 3);
        commit(Map.of(partition(0), 3L));

        // Then
        assertThat(records(look(lag, topic).of(() -> {
            throw new AssertionError("asked for a consumer");
        }, group, topic))).isEqualTo(Map.of(partition(0), 0L, partition(1), 0L));
    }

    @Test
    void shouldFindNothingInATopicThatIsNotThere() {
        // Given
        String absent = "absent-" + UUID.randomUUID();

        // Then
        assertThat(look(lag, absent).of(() -> consumer, group, absent)).isEmpty();
    }

    /** In the metric and in the answers over HTTP. */
    private void assertEverywhere(long offset, PartitionLag expected) {
        assertThat(look(lag, topic).of(() -> consumer, group, topic)).containsEntry(partition(0), expected);
        assertThat(rest.lags(Map.of(partition(0), offset)).await().indefinitely())
                .isEqualTo(Map.of(partition(0), expected));
    }

    private GroupLag.Look look(GroupLag by, String at) {
        return by.look(Set.of(group), Set.of(at));
    }

    private Map<TopicPartition, Long> records() {
        return records(look(lag, topic).of(() -> consumer, group, topic));
    }

    private static Map<TopicPartition, Long> records(Map<TopicPartition, PartitionLag> lags) {
        return lags.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, lag -> lag.getValue().records()));
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
