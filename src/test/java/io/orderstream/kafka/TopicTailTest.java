package io.orderstream.kafka;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.testsupport.TestRun;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.orderstream.testsupport.TopicClient;

class TopicTailTest {

    private static final String BAD = "bad";

    @TempDir
    Path directory;

    /** Behind the names of the topics, which are in a broker others use as well. */
    private final String own = "-" + UUID.randomUUID();
    private final Seen seen = new Seen();
    private String broker;
    private EmbeddedKafka later;
    private TopicClient topics;
    private KafkaConnections connections;
    private TopicTail tail;

    /** Notes what it is told, and chokes on what is bad. */
    private final class Seen implements TopicTail.Listener {

        private final Queue<String> records = new ConcurrentLinkedQueue<>();
        private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        private final Map<TopicPartition, Long> beginnings = new ConcurrentHashMap<>();

        @Override
        public void record(ConsumerRecord<byte[], byte[]> record) {
            String value = new String(record.value(), StandardCharsets.UTF_8);
            if (value.equals(BAD)) {
                throw new IllegalStateException("thrown by the test");
            }
            nanos.add(System.nanoTime());
            records.add(record.topic().replace(own, "") + " " + value);
        }

        @Override
        public void beginnings(Map<TopicPartition, Long> told) {
            beginnings.putAll(told);
        }

        @Override
        public void reset() {
            records.clear();
        }
    }

    @BeforeEach
    void connect() {
        broker = TestRun.sharedBroker();
    }

    @AfterEach
    void stop() {
        if (tail != null) {
            tail.close();
        }
        BrokerConnections.close(connections);
        if (topics != null) {
            topics.close();
        }
        if (later != null) {
            later.close();
        }
    }

    /** Another broker, which is not there yet. */
    private void awaitBroker() {
        later = new EmbeddedKafka(0, directory);
        broker = later.bootstrapServers();
    }

    @Test
    void shouldReadWhatIsThereAndFollow() {
        // Given
        started("a", "b");
        send("a", "1");
        send("b", "2");

        // When
        follow("a", "b");
        await(tail::isCaughtUp);

        // Then
        assertThat(seen.records).containsExactlyInAnyOrder("a 1", "b 2");
        send("a", "3");
        awaitRecords("a 1", "b 2", "a 3");
    }

    @Test
    void shouldReadWhatComesSoonAfterARecordTogether() {
        // Given
        started("a");
        follow("a");
        await(tail::isCaughtUp);

        // When
        send("a", "1");
        awaitRecords("a 1");
        send("a", "2");
        awaitRecords("a 1", "a 2");

        // Then
        List<Long> told = List.copyOf(seen.nanos);
        assertThat(Duration.ofNanos(told.get(1) - told.get(0))).isGreaterThanOrEqualTo(TopicTail.PAUSE);
    }

    @Test
    void shouldFindATopicAndPartitionsThatAreMadeLater() {
        // Given
        started("a");
        send("a", "1");
        follow("a", "b");
        awaitRecords("a 1");
        assertThat(tail.isCaughtUp()).isFalse();

        // When
        topics.create("b" + own, 1);
        send("b", "2");

        // Then
        awaitRecords("a 1", "b 2");
        await(tail::isCaughtUp);
        admin(admin -> admin.createPartitions(Map.of("a" + own, NewPartitions.increaseTo(2))).all());
        await(() -> topics.ends("a" + own).size() == 2);
        topics.send(List.of(new ProducerRecord<>("a" + own, 1, null, bytes("3"))));
        awaitRecords("a 1", "b 2", "a 3");
    }

    @Test
    void shouldTellWhereATopicBeginsWhenRecordsAreDeleted() {
        // Given
        started("a");
        send("a", "1");
        send("a", "2");
        follow("a");
        awaitRecords("a 1", "a 2");
        TopicPartition partition = partition("a");
        assertThat(seen.beginnings).containsEntry(partition, 0L);

        // When
        admin(admin -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(1))).all());

        // Then
        await().untilAsserted(() -> assertThat(seen.beginnings).containsEntry(partition, 1L));
    }

    @Test
    void shouldForgetADeletedTopicAndGoOnWithTheOthers() {
        // Given
        started("a", "b");
        send("b", "1");
        follow("a", "b");
        await(tail::isCaughtUp);

        // When
        admin(admin -> admin.deleteTopics(List.of("b" + own)).all());
        await().untilAsserted(() -> assertThat(seen.beginnings).containsEntry(partition("b"), Long.MAX_VALUE));
        send("a", "2");
        topics.create("b" + own, 1);
        send("b", "3");

        // Then
        awaitRecords("a 2", "b 3");
    }

    @Test
    void shouldTellNothingOfAnAbortedTransactionAndNotWaitForAnOpenOne() {
        // Given
        started("a");
        send("a", "1");
        topics.sendAborted(new ProducerRecord<>("a" + own, bytes("aborted")));
        try (Producer<byte[], byte[]> open = topics.sendOpen(List.of(new ProducerRecord<>("a" + own, bytes("2"))))) {
            send("a", "3");

            // When
            follow("a");
            await(tail::isCaughtUp);

            // Then
            assertThat(seen.records).containsExactly("a 1");
            open.commitTransaction();
        }
        await().untilAsserted(() -> assertThat(seen.records).containsExactly("a 1", "a 2", "a 3"));
    }

    @Test
    void shouldReadATopicMadeAnewFromItsBeginning() {
        // Given
        started("a", "b");
        send("a", "old");
        send("b", "1");
        follow("a", "b");
        awaitRecords("a old", "b 1");
        String id = tail.topicId("a" + own);

        // When
        topics.makeAnew("a" + own, 1);
        topics.send(
                Stream.of("1", "2", "3").map(value -> new ProducerRecord<byte[], byte[]>("a" + own, bytes(value))).toList());

        // Then
        awaitRecords("a 1", "a 2", "a 3", "b 1");
        await(tail::isCaughtUp);
        assertThat(tail.topicId("a" + own)).isNotNull().isNotEqualTo(id);
    }

    @Test
    void shouldGoOnWhenAListenerFailsOrATopicHasNoPossibleName() {
        // Given
        started("a");
        send("a", BAD);
        send("a", "1");

        // When
        follow("a", "no topic");

        // Then
        awaitRecords("a 1");
    }

    @Test
    void shouldWaitForABrokerThatStartsLater() {
        // Given
        awaitBroker();
        follow("a");

        // When
        later.start();
        started("a");
        send("a", "1");

        // Then
        awaitRecords("a 1");
    }

    @TimedTest
    void shouldEndItsThreadSoonWhileTheBrokerIsAway() {
        // Given
        awaitBroker();
        follow("a");

        // When
        long before = System.nanoTime();
        tail.close();

        // Then
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .doesNotContain("tail-of-a-test"));
        TooLate.check("to end", Duration.ofNanos(System.nanoTime() - before), Duration.ofSeconds(4));
    }

    private void started(String... names) {
        topics = new TopicClient(broker);
        Set.of(names).forEach(name -> topics.create(name + own, 1));
    }

    private TopicPartition partition(String topic) {
        return new TopicPartition(topic + own, 0);
    }

    private void follow(String... names) {
        connections = BrokerConnections.to(broker);
        tail = new TopicTail(connections, "tail-of-a-test",
                Stream.of(names).map(name -> name + own).collect(Collectors.toSet()), seen,
                Duration.ofSeconds(1));
        tail.start();
    }

    private void send(String topic, String value) {
        topics.send(topic + own, null, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void admin(Function<Admin, KafkaFuture<?>> request) {
        try (Admin admin = topics.admin()) {
            request.apply(admin).toCompletionStage().toCompletableFuture().join();
        }
    }

    private void awaitRecords(String... expected) {
        await().untilAsserted(() -> assertThat(seen.records).containsExactlyInAnyOrder(expected));
    }

    private void await(Callable<Boolean> condition) {
        await().until(condition);
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).ignoreExceptions();
    }
}
