package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

import io.orderstream.order.RecordingOrderHandler.Call;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** Attempts and their delays, and the order in which records are handled, on a real broker. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class OrderPipelineTest extends OrderPipelineFixture {

    @TimedTest
    void shouldProcessAnOrderOnTheThirdAttemptWhenItFailsTwice() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.failingAttempts() == 2);
        long processedBefore = app.stats().get("processed").asLong();
        long retriesBefore = app.stats().get("retries").asLong();

        // When
        traffic.send(orderId);

        // Then
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(app.stats().get("processed").asLong()).isEqualTo(processedBefore + 1));
        List<Call> calls = handler.callsFor(orderId);
        assertThat(calls).extracting(Call::attempt).containsExactly(1, 2, 3);
        assertDelay(calls.get(0), calls.get(1), HalfFailing.BACKOFF_MILLIS);
        assertDelay(calls.get(1), calls.get(2), HalfFailing.BACKOFF_MILLIS * 2);
        assertThat(app.stats().get("retries").asLong()).isEqualTo(retriesBefore + 2);
        assertThat(traffic.deadLetters(orderId)).isEmpty();
    }

    @Test
    void shouldRetryThreeTimesThenDeadLetterAsExhausted() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.failingAttempts() > 3);

        // When
        RecordMetadata sent = traffic.send(orderId);

        // Then
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(orderId);
        assertThat(handler.callsFor(orderId)).extracting(Call::attempt).containsExactly(1, 2, 3, 4);
        assertThat(TopicClient.header(letter, "dead-letter-kind")).isEqualTo("exhausted");
        assertThat(TopicClient.header(letter, "dead-letter-attempts")).isEqualTo("4");
        assertThat(TopicClient.header(letter, "dead-letter-reason")).contains("attempt 4").contains(orderId);
        assertThat(TopicClient.header(letter, "dead-letter-offset")).isEqualTo(Long.toString(sent.offset()));
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
        List.of(nullAnswer, error, next).forEach(orderId -> traffic.send(orderId));

        // Then
        assertThat(TopicClient.header(traffic.awaitDeadLetter(nullAnswer), "dead-letter-reason"))
                .contains("null instead of a Uni");
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(error);
        assertThat(TopicClient.header(letter, "dead-letter-exception-class-name")).isEqualTo(AssertionError.class.getName());
        assertThat(TopicClient.header(letter, "dead-letter-attempts")).isEqualTo("4");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handler.callsFor(next)).hasSize(1));
    }

    @Test
    void shouldKeepTheOrderOfAKeyWhileOthersPass() {
        // Given
        String failing = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        String passing = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        String behind = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        byte[] sharedKey = OrderTraffic.key(UUID.randomUUID().toString());
        CompletableFuture<Void> passed = new CompletableFuture<>();
        handler.answer(failing, () -> handler.callsFor(failing).size() > 3 ? Uni.createFrom().voidItem()
                : Uni.createFrom().completionStage(passed));
        handler.answer(passing, () -> {
            passed.completeExceptionally(new IllegalStateException("not before it has passed"));
            return Uni.createFrom().voidItem();
        });

        // When
        topics.send(List.of(new ProducerRecord<>(settings.topic(), 0, sharedKey, traffic.encode(failing)),
                new ProducerRecord<>(settings.topic(), 0, sharedKey, traffic.encode(behind)),
                new ProducerRecord<>(settings.topic(), 0, OrderTraffic.key(passing), traffic.encode(passing))));

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handler.callsFor(behind)).hasSize(1));
        List<Call> attempts = handler.callsFor(failing);
        assertThat(attempts).hasSize(4);
        assertThat(handler.callsFor(behind).get(0).atNanos()).isGreaterThan(attempts.get(3).atNanos());
        assertThat(handler.callsFor(passing)).hasSize(1);
    }

    @Test
    void shouldNotHandleAnOrderWhoseTransactionWasAborted() {
        // Given
        String aborted = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        String next = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);

        // When
        topics.sendAborted(new ProducerRecord<>(settings.topic(), 0, OrderTraffic.key(aborted), traffic.encode(aborted)));
        topics.send(List.of(new ProducerRecord<>(settings.topic(), 0, OrderTraffic.key(next), traffic.encode(next))));

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handler.callsFor(next)).hasSize(1));
        assertThat(handler.callsFor(aborted)).isEmpty();
    }

    /** A timer is never early; how late it may be leaves no room for the delay of another attempt. */
    private static void assertDelay(Call first, Call second, long millis) {
        Duration delay = Duration.ofNanos(second.atNanos() - first.atNanos());
        assertThat(delay).isGreaterThanOrEqualTo(Duration.ofMillis(millis));
        TooLate.check("the delay", first.atNanos(), second.atNanos(), Duration.ofMillis(millis * 2 - 1));
    }
}
