package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** What stands in the dead-letter topic: the contract's headers one by one, and every byte of the original. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class OrderDeadLetterTest extends OrderPipelineFixture {

    @Test
    void shouldTryAPoisonOrderOnceAndDeadLetterItWithTheContractsHeaders() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON);
        byte[] bytes = traffic.encode(orderId);
        Instant before = Instant.now().minusMillis(1);

        // When
        RecordMetadata sent = topics.send(List.of(new ProducerRecord<>(settings.topic(), null, OrderTraffic.key(orderId), bytes,
                List.of(new RecordHeader("trace", "abc".getBytes(StandardCharsets.UTF_8)))))).get(0);

        // Then
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(orderId);
        assertThat(handler.callsFor(orderId)).hasSize(1);
        assertThat(letter.value()).isEqualTo(bytes);
        assertThat(headers(letter)).containsOnlyKeys("trace", "dead-letter-exception-class-name", "dead-letter-reason",
                "dead-letter-cause-class-name", "dead-letter-cause", "dead-letter-topic", "dead-letter-partition",
                "dead-letter-offset", "dead-letter-kind", "dead-letter-attempts", "dead-letter-group", "dead-letter-timestamp",
                "dead-letter-original-timestamp");
        assertThat(headers(letter)).containsEntry("trace", "abc").containsEntry("dead-letter-kind", "poison")
                .containsEntry("dead-letter-attempts", "1")
                .containsEntry("dead-letter-exception-class-name", PoisonOrderException.class.getName())
                .containsEntry("dead-letter-topic", settings.topic())
                .containsEntry("dead-letter-partition", Integer.toString(sent.partition()))
                .containsEntry("dead-letter-offset", Long.toString(sent.offset()))
                .containsEntry("dead-letter-original-timestamp", Instant.ofEpochMilli(sent.timestamp()).toString());
        assertThat(Instant.parse(headers(letter).get("dead-letter-timestamp"))).isBetween(before, Instant.now());
    }

    @Test
    void shouldWriteFreshHeadersOnlyWhenADeadLetterComesBackAsItIs() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON);
        traffic.send(orderId);
        ConsumerRecord<byte[], byte[]> first = traffic.awaitDeadLetter(orderId);

        // When
        RecordMetadata again = topics.send(List.of(new ProducerRecord<>(settings.topic(), null, first.key(), first.value(),
                first.headers()))).get(0);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(traffic.deadLetters(orderId)).hasSize(2));
        ConsumerRecord<byte[], byte[]> second = traffic.deadLetters(orderId).get(1);
        assertThat(headers(second)).containsEntry("dead-letter-offset", Long.toString(again.offset()))
                .hasSameSizeAs(headers(first));
    }

    @Test
    void shouldDeadLetterAPriceThatIsNoAmountOfMoneyWithoutAskingTheHandler() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        Order order = Order.newBuilder().setOrderId(orderId).setProduct("Laptop").setPrice(Float.NaN).build();
        byte[] bytes = format.encoder().await().atMost(PATIENCE).encode(order);

        // When
        topics.send(settings.topic(), OrderTraffic.key(orderId), bytes);

        // Then
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(orderId);
        assertThat(headers(letter)).containsEntry("dead-letter-kind", "poison").containsEntry("dead-letter-attempts", "0");
        assertThat(handler.callsFor(orderId)).isEmpty();
    }

    @Test
    void shouldDeadLetterWhatCannotBeDecodedByteForByte() {
        // Given
        byte[] valid = traffic.encode("truncated");
        byte[] unknownSchema = valid.clone();
        unknownSchema[3] = 77;
        Map<String, byte[]> records = Map.of("random", new byte[] { 42, 7, -1, 13, 99, 0, 3 }, "empty", new byte[0],
                "json", "{\"orderId\":\"1\"}".getBytes(StandardCharsets.UTF_8), "unknown schema", unknownSchema,
                "truncated", Arrays.copyOf(valid, valid.length - 3), "trailing", Arrays.copyOf(valid, valid.length + 1));
        String run = UUID.randomUUID() + " ";

        // When
        records.forEach((name, bytes) -> topics.send(settings.topic(), OrderTraffic.key(run + name), bytes));

        // Then
        records.forEach((name, bytes) -> {
            ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(run + name);
            assertThat(letter.value()).as(name).isEqualTo(bytes);
            assertThat(TopicClient.header(letter, "dead-letter-kind")).as(name).isEqualTo("undecodable");
            assertThat(TopicClient.header(letter, "dead-letter-attempts")).as(name).isEqualTo("0");
            assertThat(TopicClient.header(letter, "dead-letter-reason")).as(name).isNotBlank();
        });
    }

    @Test
    void shouldDeadLetterATombstoneWithItsKeyAndGoOn() {
        // Given
        String tombstone = "tombstone-" + UUID.randomUUID();
        String next = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);

        // When
        topics.send(List.of(new ProducerRecord<>(settings.topic(), 0, OrderTraffic.key(tombstone), null),
                new ProducerRecord<>(settings.topic(), 0, OrderTraffic.key(next), traffic.encode(next))));

        // Then
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(tombstone);
        assertThat(letter.value()).isNull();
        assertThat(TopicClient.header(letter, "dead-letter-kind")).isEqualTo("undecodable");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handler.callsFor(next)).hasSize(1));
    }

    @Test
    void shouldDeadLetterARecordOfTheLargestSizeTheBrokerTakes() {
        // Given
        String largest = "largest-" + UUID.randomUUID();
        byte[] value = new byte[1_048_000];
        new Random(1).nextBytes(value);

        // When
        topics.send(settings.topic(), OrderTraffic.key(largest), value);

        // Then
        assertThat(traffic.awaitDeadLetter(largest).value()).isEqualTo(value);
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        return Stream.of(record.headers().toArray()).map(Header::key).distinct()
                .collect(Collectors.toMap(name -> name, name -> TopicClient.header(record, name)));
    }
}
