package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.order.RecordingOrderHandler.Call;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** Retries by topic: the same attempts, delays and dead letters as in place, but nobody waits behind the order that failed. */
@QuarkusTest
@TestProfile(RetryTopicTest.ByTopic.class)
@WithTestResource(KafkaAndRegistry.class)
class RetryTopicTest extends OrderPipelineFixture {

    /** The consumer may be in a poll when an order is due or moved. */
    private static final Duration LATE = Duration.ofMillis(2_000);

    @Inject
    PipelineSettings pipeline;

    /** A due time is one of the wall clock, which is corrected now and then against the one that is measured with. */
    private static final Duration CLOCKS = Duration.ofMillis(1);

    public static class ByTopic extends HalfFailing {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.put("RETRY_MODE", "topic");
            return settings;
        }
    }

    @TimedTest
    void shouldRetryByTopicThreeTimesThenDeadLetter() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.failingAttempts() >= 4);
        byte[] bytes = traffic.encode(orderId);

        // When
        RecordMetadata sent = topics.send(List.of(new ProducerRecord<>(settings.topic(), null, OrderTraffic.key(orderId), bytes,
                List.of(new RecordHeader("trace", "abc".getBytes(StandardCharsets.UTF_8)))))).get(0);

        // Then
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(orderId);
        assertDelays(handler.callsFor(orderId), 1, 2, 4);
        assertThat(handler.callsFor(orderId)).extracting(Call::id).containsOnly(sent.topic() + "-" + sent.partition() + "-"
                + sent.offset() + "." + sent.timestamp());
        assertThat(letter.value()).isEqualTo(bytes);
        Map<String, String> headers = headers(letter);
        assertThat(headers).containsOnlyKeys("trace", "dead-letter-exception-class-name", "dead-letter-reason",
                "dead-letter-cause-class-name", "dead-letter-cause", "dead-letter-topic", "dead-letter-partition",
                "dead-letter-offset", "dead-letter-kind", "dead-letter-attempts", "dead-letter-group", "dead-letter-timestamp",
                "dead-letter-original-timestamp").containsEntry("trace", "abc").containsEntry("dead-letter-kind", "exhausted")
                .containsEntry("dead-letter-attempts", "4").containsEntry("dead-letter-topic", settings.topic())
                .containsEntry("dead-letter-partition", Integer.toString(sent.partition()))
                .containsEntry("dead-letter-offset", Long.toString(sent.offset()))
                .containsEntry("dead-letter-original-timestamp", Instant.ofEpochMilli(sent.timestamp()).toString())
                .containsEntry("dead-letter-group", pipeline.groupId());
        assertThat(waiting(orderId)).extracting(record -> TopicClient.header(record, "retry-attempts"))
                .containsExactlyInAnyOrder("1", "2", "3");
        assertThat(waiting(orderId)).allSatisfy(record -> {
            assertThat(record.value()).isEqualTo(bytes);
            assertThat(headers(record)).containsOnlyKeys("trace", "retry-attempts", "retry-due", "retry-topic",
                    "retry-partition", "retry-offset", "retry-timestamp", "retry-reason")
                    .containsEntry("retry-topic", settings.topic())
                    .containsEntry("retry-offset", Long.toString(sent.offset()))
                    .containsEntry("retry-timestamp", Instant.ofEpochMilli(sent.timestamp()).toString());
        });
    }

    @TimedTest
    void shouldCountAnOrderThatSucceedsOnItsSecondAttempt() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.failingAttempts() == 1);
        long processed = app.stats().get("processed").asLong();
        long retries = app.stats().get("retries").asLong();

        // When
        traffic.send(orderId);

        // Then
        await().atMost(PATIENCE).until(() -> app.stats().get("processed").asLong() == processed + 1);
        assertDelays(handler.callsFor(orderId), 1);
        assertThat(app.stats().get("retries").asLong()).isEqualTo(retries + 1);
        assertThat(traffic.deadLetters(orderId)).isEmpty();
    }

    @Test
    void shouldShowAnOrderThatWaitsInTheRetryTopicUntilItIsDone() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.failingAttempts() == 3);
        try (EventStream stream = new EventStream(url, "/api/pipelines/orders/stream")) {
            // When
            traffic.send(orderId);
            await().atMost(PATIENCE).until(() -> fates(stream, orderId), fates -> fates.contains("processed 4"));

            // Then
            assertThat(fates(stream, orderId)).startsWith("retrying 1").contains("retrying 3").endsWith("processed 4");
            await().atMost(PATIENCE).until(() -> stream.events("tick").stream()
                    .flatMap(tick -> StreamSupport.stream(tick.data().get("steps").spliterator(), false))
                    .anyMatch(step -> step.get("waiting").asInt() == 1));
            // And nothing is left of it
            await().atMost(PATIENCE).until(() -> {
                List<EventStream.Event> ticks = stream.events("tick");
                JsonNode steps = ticks.get(ticks.size() - 1).data().get("steps");
                return steps.get(steps.size() - 1).get("waiting").asInt() == 0;
            });
        }
    }

    private static List<String> fates(EventStream stream, String orderId) {
        return stream.events("activity").stream()
                .flatMap(activity -> StreamSupport.stream(activity.data().get("records").spliterator(), false))
                .filter(record -> record.get("key").asText().equals(orderId))
                .map(record -> record.get("fate").asText() + " " + record.get("attempt").asInt()).distinct().toList();
    }

    @TimedTest
    void shouldLetALaterOrderOfTheSameKeyPass() {
        // Given
        String key = UUID.randomUUID().toString();
        String failing = HalfFailing.orderWith(fault -> fault.failingAttempts() == 2);
        String later = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);

        // When
        topics.send(List.of(new ProducerRecord<>(settings.topic(), 0, OrderTraffic.key(key), traffic.encode(failing)),
                new ProducerRecord<>(settings.topic(), 0, OrderTraffic.key(key), traffic.encode(later))));

        // Then
        await().atMost(PATIENCE)
                .until(() -> handler.callsFor(failing).size() == 3 && !handler.callsFor(later).isEmpty());
        assertThat(handler.callsFor(later)).hasSize(1);
        if (handler.callsFor(later).get(0).atNanos() > handler.callsFor(failing).get(1).atNanos()) {
            throw new TooLate("the later order came after the retry");
        }
    }

    @TimedTest
    void shouldNotHoldUpOrdersThatAreDueBehindOneThatIsNot() {
        // Given
        String patient = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        List<String> due = IntStream.range(0, 20)
                .mapToObj(number -> HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE)).toList();

        // When
        topics.send(List.of(traffic.retry(patient, 1, Instant.now().plusSeconds(6))));
        topics.send(due.stream().map(orderId -> traffic.retry(orderId, 1, Instant.now())).toList());

        // Then
        await().atMost(PATIENCE).until(() -> due.stream().noneMatch(id -> handler.callsFor(id).isEmpty()));
        if (!handler.callsFor(patient).isEmpty()) {
            throw new TooLate("orders that were due came after one that was not");
        }
        await().atMost(PATIENCE).until(() -> !handler.callsFor(patient).isEmpty());
        assertThat(handler.callsFor(patient)).extracting(Call::attempt).containsExactly(2);
    }

    @Test
    void shouldDeadLetterPoisonWithoutARetry() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON);

        // When
        traffic.send(orderId);

        // Then
        assertThat(headers(traffic.awaitDeadLetter(orderId))).containsEntry("dead-letter-kind", "poison")
                .containsEntry("dead-letter-attempts", "1");
        assertThat(waiting(orderId)).isEmpty();
    }

    @Test
    void shouldDeadLetterPoisonThatShowsOnlyWhenTheOrderIsTriedAgain() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        handler.answer(orderId, () -> Uni.createFrom().failure(handler.callsFor(orderId).size() == 1
                ? new IllegalStateException("busy")
                : new PoisonOrderException("it is poison")));

        // When
        RecordMetadata sent = traffic.send(orderId);

        // Then
        assertThat(headers(traffic.awaitDeadLetter(orderId))).containsEntry("dead-letter-kind", "poison")
                .containsEntry("dead-letter-attempts", "2").containsEntry("dead-letter-topic", settings.topic())
                .containsEntry("dead-letter-offset", Long.toString(sent.offset()));
    }

    @TimedTest
    void shouldHandleARecordOfSomebodyElseAsAFirstAttempt() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.failingAttempts() >= 4);

        // When
        RecordMetadata sent = topics.send(settings.retryTopic(), OrderTraffic.key(orderId), traffic.encode(orderId));

        // Then
        assertThat(headers(traffic.awaitDeadLetter(orderId))).containsEntry("dead-letter-attempts", "4")
                .containsEntry("dead-letter-topic", settings.retryTopic())
                .containsEntry("dead-letter-partition", Integer.toString(sent.partition()))
                .containsEntry("dead-letter-offset", Long.toString(sent.offset()));
        assertDelays(handler.callsFor(orderId), 1, 2, 4);
    }

    private List<ConsumerRecord<byte[], byte[]>> waiting(String orderId) {
        return topics.read(settings.retryTopic()).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(orderId)).toList();
    }

    /** @param factors by how much each delay exceeds the first */
    private static void assertDelays(List<Call> calls, int... factors) {
        assertThat(calls).extracting(Call::attempt)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, factors.length + 1).boxed().toList());
        for (int retry = 0; retry < factors.length; retry++) {
            long failed = calls.get(retry).atNanos();
            long again = calls.get(retry + 1).atNanos();
            Duration wanted = Duration.ofMillis(HalfFailing.BACKOFF_MILLIS * factors[retry]);
            assertThat(Duration.ofNanos(again - failed)).as("delay before retry %d", retry + 1)
                    .isGreaterThanOrEqualTo(wanted.minus(CLOCKS));
            TooLate.check("the delay before retry " + (retry + 1), failed, again, wanted.plus(LATE));
        }
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        return Stream.of(record.headers().toArray()).map(Header::key).distinct()
                .collect(Collectors.toMap(name -> name, name -> TopicClient.header(record, name)));
    }
}
