package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.orderstream.order.RecordingOrderHandler.Call;
import io.orderstream.order.SimulatedFaults.Kind;
import io.orderstream.schema.AvroEncoder;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** What becomes of each kind of record: a real broker, real topics, the contract's headers one by one. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@QuarkusTestResource(value = KafkaAndRegistry.class, restrictToAnnotatedClass = true)
class OrderPipelineTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    TopicClient topics;

    @TestHTTPResource
    String url;

    @Inject
    OrderSettings settings;

    @Inject
    OrderFormat format;

    @Inject
    RecordingOrderHandler handler;

    private OrderApp app;
    private AvroEncoder<Order> encoder;

    @BeforeEach
    void connect() {
        app = new OrderApp(url);
        encoder = format.encoder().await().atMost(PATIENCE);
    }

    @Test
    void shouldProcessAnOrderOnTheThirdAttemptWhenItFailsTwice() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.failingAttempts() == 2);
        long processedBefore = app.stats().get("processed").asLong();
        long retriesBefore = app.stats().get("retries").asLong();

        // When
        send(orderId, 10);

        // Then
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(app.stats().get("processed").asLong()).isEqualTo(processedBefore + 1));
        List<Call> calls = handler.callsFor(orderId);
        assertThat(calls).extracting(Call::attempt).containsExactly(1, 2, 3);
        long first = millisBetween(calls.get(0), calls.get(1));
        long second = millisBetween(calls.get(1), calls.get(2));
        assertThat(first).isBetween(HalfFailing.BACKOFF_MILLIS, HalfFailing.BACKOFF_MILLIS * 2 - 1);
        assertThat((double) second / first).as("delays %d ms and %d ms", first, second).isCloseTo(2.0, within(0.6));
        assertThat(app.stats().get("retries").asLong()).isEqualTo(retriesBefore + 2);
        assertThat(deadLetters(orderId)).isEmpty();
    }

    @Test
    void shouldRetryThreeTimesThenDeadLetterAsExhausted() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.failingAttempts() > 3);

        // When
        RecordMetadata sent = send(orderId, 10);

        // Then
        ConsumerRecord<byte[], byte[]> letter = awaitDeadLetter(orderId);
        assertThat(handler.callsFor(orderId)).extracting(Call::attempt).containsExactly(1, 2, 3, 4);
        assertThat(TopicClient.header(letter, "dead-letter-kind")).isEqualTo("exhausted");
        assertThat(TopicClient.header(letter, "dead-letter-attempts")).isEqualTo("4");
        assertThat(TopicClient.header(letter, "dead-letter-reason")).contains("attempt 4").contains(orderId);
        assertThat(TopicClient.header(letter, "dead-letter-offset")).isEqualTo(Long.toString(sent.offset()));
    }

    @Test
    void shouldTryAPoisonOrderOnceAndDeadLetterItWithTheContractsHeaders() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON);
        byte[] bytes = encoder.encode(order(orderId, 10));
        Instant before = Instant.now().minusMillis(1);

        // When
        RecordMetadata sent = topics.send(List.of(new ProducerRecord<>(settings.topic(), null, key(orderId), bytes,
                List.of(new RecordHeader("trace", "abc".getBytes(StandardCharsets.UTF_8)))))).get(0);

        // Then
        ConsumerRecord<byte[], byte[]> letter = awaitDeadLetter(orderId);
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
        send(orderId, 10);
        ConsumerRecord<byte[], byte[]> first = awaitDeadLetter(orderId);

        // When
        RecordMetadata again = topics.send(List.of(new ProducerRecord<>(settings.topic(), null, first.key(), first.value(),
                first.headers()))).get(0);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(deadLetters(orderId)).hasSize(2));
        ConsumerRecord<byte[], byte[]> second = deadLetters(orderId).get(1);
        assertThat(headers(second)).containsEntry("dead-letter-offset", Long.toString(again.offset()))
                .hasSameSizeAs(headers(first));
    }

    @Test
    void shouldDeadLetterWhatCannotBeDecodedByteForByte() {
        // Given
        byte[] valid = encoder.encode(order("truncated", 10));
        byte[] unknownSchema = valid.clone();
        unknownSchema[3] = 77;
        Map<String, byte[]> records = Map.of("random", new byte[] { 42, 7, -1, 13, 99, 0, 3 }, "empty", new byte[0],
                "json", "{\"orderId\":\"1\"}".getBytes(StandardCharsets.UTF_8), "unknown schema", unknownSchema,
                "truncated", Arrays.copyOf(valid, valid.length - 3), "trailing", Arrays.copyOf(valid, valid.length + 1));
        String run = UUID.randomUUID() + " ";

        // When
        records.forEach((name, bytes) -> topics.send(settings.topic(), key(run + name), bytes));

        // Then
        records.forEach((name, bytes) -> {
            ConsumerRecord<byte[], byte[]> letter = awaitDeadLetter(run + name);
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
        topics.send(List.of(new ProducerRecord<>(settings.topic(), 0, key(tombstone), null),
                new ProducerRecord<>(settings.topic(), 0, key(next), encoder.encode(order(next, 10)))));

        // Then
        ConsumerRecord<byte[], byte[]> letter = awaitDeadLetter(tombstone);
        assertThat(letter.value()).isNull();
        assertThat(TopicClient.header(letter, "dead-letter-kind")).isEqualTo("undecodable");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handler.callsFor(next)).hasSize(1));
    }

    @Test
    void shouldTakeWhateverAHandlerDoesForAnOutcomeOfTheAttempt() {
        // Given
        String nullAnswer = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        String error = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        String next = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        handler.answer(nullAnswer, () -> null);
        handler.answer(error, () -> {
            throw new AssertionError("a handler's own error");
        });

        // When
        List.of(nullAnswer, error, next).forEach(orderId -> send(orderId, 10));

        // Then
        assertThat(TopicClient.header(awaitDeadLetter(nullAnswer), "dead-letter-reason")).contains("null instead of a Uni");
        ConsumerRecord<byte[], byte[]> letter = awaitDeadLetter(error);
        assertThat(TopicClient.header(letter, "dead-letter-exception-class-name")).isEqualTo(AssertionError.class.getName());
        assertThat(TopicClient.header(letter, "dead-letter-attempts")).isEqualTo("4");
        assertThat(handler.callsFor(next)).hasSize(1);
    }

    @Test
    void shouldDeadLetterARecordOfTheLargestSizeTheBrokerTakes() {
        // Given
        String largest = "largest-" + UUID.randomUUID();
        byte[] value = new byte[1_048_000];
        new Random(1).nextBytes(value);

        // When
        topics.send(settings.topic(), key(largest), value);

        // Then
        assertThat(awaitDeadLetter(largest).value()).isEqualTo(value);
    }

    @Test
    void shouldKeepTheOrderOfAKeyWhileOthersPass() {
        // Given
        String failing = HalfFailing.orderWith(fault -> fault.failingAttempts() == 3);
        String passing = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        String behind = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        byte[] sharedKey = key(UUID.randomUUID().toString());

        // When
        topics.send(List.of(new ProducerRecord<>(settings.topic(), 0, sharedKey, encoder.encode(order(failing, 1))),
                new ProducerRecord<>(settings.topic(), 0, sharedKey, encoder.encode(order(behind, 1))),
                new ProducerRecord<>(settings.topic(), 0, key(passing), encoder.encode(order(passing, 1)))));

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handler.callsFor(behind)).hasSize(1));
        List<Call> attempts = handler.callsFor(failing);
        assertThat(attempts).hasSize(4);
        assertThat(handler.callsFor(behind).get(0).atNanos()).isGreaterThan(attempts.get(3).atNanos());
        assertThat(handler.callsFor(passing).get(0).atNanos()).isLessThan(attempts.get(1).atNanos());
    }

    private ConsumerRecord<byte[], byte[]> awaitDeadLetter(String key) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(deadLetters(key)).as("dead letter of " + key).hasSize(1));
        return deadLetters(key).get(0);
    }

    private List<ConsumerRecord<byte[], byte[]>> deadLetters(String key) {
        return topics.read(settings.dlqTopic()).stream().filter(letter -> Arrays.equals(letter.key(), key(key))).toList();
    }

    private RecordMetadata send(String orderId, float price) {
        return topics.send(settings.topic(), key(orderId), encoder.encode(order(orderId, price)));
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        return Stream.of(record.headers().toArray()).map(Header::key).distinct()
                .collect(Collectors.toMap(name -> name, name -> TopicClient.header(record, name)));
    }

    private static Order order(String orderId, float price) {
        return Order.newBuilder().setOrderId(orderId).setProduct("Laptop").setPrice(price).build();
    }

    private static byte[] key(String orderId) {
        return orderId.getBytes(StandardCharsets.UTF_8);
    }

    private static long millisBetween(Call first, Call second) {
        return Duration.ofNanos(second.atNanos() - first.atNanos()).toMillis();
    }
}
