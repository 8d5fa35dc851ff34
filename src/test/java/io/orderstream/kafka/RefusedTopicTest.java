package io.orderstream.kafka;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.GuardedBroker;
import io.orderstream.testsupport.LogLines;
import io.orderstream.testsupport.TopicClient;

/** Readers and writers beside the channels, of topics they may not read or write for a while. */
class RefusedTopicTest {

    private static final String REFUSED = "TopicAuthorizationException: Not authorized to access topics: [b-dlq]";

    private final Queue<String> read = new ConcurrentLinkedQueue<>();
    private final AtomicInteger resets = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private LogLines log;
    private GuardedBroker broker;
    private TopicClient topics;
    private KafkaConnections connections;
    private TopicTail tail;

    private final class Listener implements TopicTail.Listener {

        @Override
        public void record(ConsumerRecord<byte[], byte[]> record) {
            read.add(new String(record.value(), StandardCharsets.UTF_8));
        }

        @Override
        public void beginnings(Map<TopicPartition, Long> beginnings) {
            looks.incrementAndGet();
        }

        @Override
        public void reset() {
            resets.incrementAndGet();
        }
    }

    @BeforeEach
    void start(@TempDir Path directory) {
        log = new LogLines(TopicTail.class);
        broker = new GuardedBroker(directory);
        topics = new TopicClient(broker.openAddress());
        topics.create("a-dlq", 1);
        topics.create("b-dlq", 1);
        broker.grant(ResourceType.TOPIC, "a-dlq", AclOperation.READ);
        connections = BrokerConnections.as(broker.client(GuardedBroker.PASSWORD));
        tail = new TopicTail(connections, "monitor", Set.of("a-dlq", "b-dlq"), new Listener(), Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        tail.close();
        topics.close();
        broker.close();
        log.close();
    }

    @Test
    void shouldReadTheOthersAndSayOnceWhichTopicItMayNotRead() {
        // Given
        broker.grant(ResourceType.TOPIC, "b-dlq", AclOperation.READ);
        send("a-dlq", "a1");
        send("b-dlq", "b1");
        tail.start();
        awaitRead("a1", "b1");

        // When it may only look at it
        broker.grant(ResourceType.TOPIC, "b-dlq", AclOperation.DESCRIBE);
        broker.revoke(ResourceType.TOPIC, "b-dlq", AclOperation.READ);
        await().atMost(PATIENCE).until(() -> tail.failures().equals(Map.of("b-dlq", REFUSED)));
        send("b-dlq", "b2");
        send("a-dlq", "a2");

        // Then
        awaitRead("a1", "b1", "a2");

        // When it may not even that
        broker.revoke(ResourceType.TOPIC, "b-dlq", AclOperation.DESCRIBE);
        int before = looks.get();
        await().atMost(PATIENCE).until(() -> looks.get() > before + 1);
        send("a-dlq", "a3");
        awaitRead("a1", "b1", "a2", "a3");
        assertThat(tail.failures()).isEqualTo(Map.of("b-dlq", REFUSED));

        // When
        broker.grant(ResourceType.TOPIC, "b-dlq", AclOperation.READ);

        // Then
        awaitRead("a1", "b1", "a2", "a3", "b2");
        await().atMost(PATIENCE).until(() -> tail.failures().isEmpty());
        assertThat(resets).as("a topic that may not be read is not one that was deleted").hasValue(0);
        assertThat(log.lines()).containsExactly(
                "topic cannot be read: reader=monitor topic=b-dlq reason=\"Not authorized to access topics: [b-dlq]\"",
                "topic can be read again: reader=monitor topic=b-dlq");
    }

    @Test
    void shouldWriteAgainWithTheSameProducerWhenItMay() throws Exception {
        // Given no right that idempotence needs, either
        try (Producer<byte[], byte[]> producer = connections.producer("writer",
                Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("b-dlq", new byte[] { 1 })).get())
                    .hasRootCauseInstanceOf(TopicAuthorizationException.class);
            broker.grant(ResourceType.TOPIC, "b-dlq", AclOperation.DESCRIBE);
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("b-dlq", new byte[] { 1 })).get())
                    .rootCause().hasMessageContaining("uthoriz");

            // When
            broker.grant(ResourceType.TOPIC, "b-dlq", AclOperation.WRITE);

            // Then
            await().atMost(PATIENCE).ignoreExceptions()
                    .until(() -> producer.send(new ProducerRecord<>("b-dlq", new byte[] { 1 })).get().hasOffset());
        }
    }

    private void send(String topic, String value) {
        topics.send(topic, null, value.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitRead(String... expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(read).containsExactlyInAnyOrder(expected));
    }
}
