package io.orderstream.event;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.LoggedRecords;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.TopicClient;
import io.orderstream.tracker.TrackerSettings;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;

/** What belongs together stays together: from the request to all that follows from it. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class CorrelationTest extends EventPipelineFixture {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRACEPARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    @Inject
    TrackerSettings tracker;

    @Test
    void shouldFollowACorrelationFromTheRequestToTheDeadLetterAndThroughARedrive() {
        // Given
        String correlation = "request-" + UUID.randomUUID();
        String id = Events.idWith(FAULTS, fault -> fault.kind() == Kind.POISON);

        // When
        Answer answer = post(Events.event("file-added", id, "f-" + id), "correlation-id", correlation, "traceparent",
                TRACEPARENT,
                "tracestate", "congo=t61rcWkgMzE");

        // Then
        assertThat(answer.header("correlation-id")).isEqualTo(correlation);
        ConsumerRecord<byte[], byte[]> letter = awaitRecord(settings.dlqTopic(), "f-" + id);
        assertThat(correlation(letter)).containsExactly(correlation, TRACEPARENT, "congo=t61rcWkgMzE");

        // When
        OperatorClient operator = new OperatorClient(url, HalfFailing.CREDENTIALS);
        operator.awaitJobsRead(PATIENCE);
        Answer job = operator.redrive("{\"filter\":{\"key\":\"f-" + id + "\"}}");

        // Then
        assertThat(job.status()).as(job.body().toString()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> records(settings.dlqTopic(), "f-" + id).size() == 2);
        assertThat(records(settings.topic(), "f-" + id)).hasSize(2).allSatisfy(
                record -> assertThat(correlation(record)).containsExactly(correlation, TRACEPARENT, "congo=t61rcWkgMzE"));
        assertThat(records(settings.dlqTopic(), "f-" + id)).allSatisfy(
                record -> assertThat(correlation(record)).containsExactly(correlation, TRACEPARENT, "congo=t61rcWkgMzE"));
    }

    @Test
    void shouldCarryItIntoEverythingProducedAndLoggedWhileHandling() {
        // Given
        String correlation = "door-" + UUID.randomUUID();
        String id = UUID.randomUUID().toString();
        try (LoggedRecords log = new LoggedRecords(DoorOpenedHandler.class.getName())) {
            // When
            post(door(id, "front"), "correlation-id", correlation, "traceparent", TRACEPARENT);

            // Then
            ConsumerRecord<byte[], byte[]> event = awaitRecord(settings.topic(), "log-of-" + id);
            assertThat(correlation(event)).containsExactly(correlation, TRACEPARENT);
            await().atMost(PATIENCE).until(() -> topics.read(tracker.topic()).stream()
                    .anyMatch(record -> new String(record.value(), StandardCharsets.UTF_8).contains("by-" + id)));
            ConsumerRecord<byte[], byte[]> order = topics.read(tracker.topic()).stream()
                    .filter(record -> new String(record.value(), StandardCharsets.UTF_8).contains("by-" + id)).findFirst()
                    .orElseThrow();
            assertThat(correlation(order)).containsExactly(correlation, TRACEPARENT);
            assertThat(log.records()).isNotEmpty().allSatisfy(line -> {
                assertThat(line.getMdc("correlation-id")).isEqualTo(correlation);
                assertThat(line.getMdc("traceId")).isEqualTo(TRACE);
            });
        }
    }

    @Test
    void shouldTakeTheIdOfTheEventWhereNothingElseIsSaid() {
        // Given: an event of another program, without headers
        String poison = Events.idWith(FAULTS, fault -> fault.kind() == Kind.POISON);
        String invalid = UUID.randomUUID().toString();
        String named = UUID.randomUUID().toString();

        // When
        topics.send(settings.topic(), poison.getBytes(StandardCharsets.UTF_8),
                Events.bytes(Events.event("user-deleted", poison, "u-" + poison)));
        topics.send(settings.topic(), invalid.getBytes(StandardCharsets.UTF_8),
                Events.bytes(new JsonObject().put("eventId", invalid)));
        topics.send(settings.topic(), named.getBytes(StandardCharsets.UTF_8),
                Events.bytes(new JsonObject().put("eventId", "e").put("correlation_id", named)));

        // Then
        Stream.of(poison, invalid, named)
                .forEach(id -> assertThat(correlation(awaitRecord(settings.dlqTopic(), id))).containsExactly(id));
    }

    @Test
    void shouldIgnoreWhatCannotBeACorrelation() {
        // Given
        String id = Events.idWith(FAULTS, fault -> fault.kind() == Kind.POISON);

        try (LoggedRecords log = new LoggedRecords("io.orderstream")) {
            // When
            topics.send(List.of(new ProducerRecord<>(settings.topic(), null, null, id.getBytes(StandardCharsets.UTF_8),
                    Events.bytes(Events.event("user-deleted", id, "u-" + id)),
                    List.of(new RecordHeader("correlation-id", "forged\nERROR all is lost".getBytes(StandardCharsets.UTF_8)),
                            new RecordHeader("traceparent", "00-0-0-0".getBytes(StandardCharsets.UTF_8))))));

            // Then
            ConsumerRecord<byte[], byte[]> letter = awaitRecord(settings.dlqTopic(), id);
            assertThat(letter.value()).isEqualTo(Events.bytes(Events.event("user-deleted", id, "u-" + id)));
            await().atMost(PATIENCE)
                    .until(() -> log.records().stream().anyMatch(line -> id.equals(line.getMdc("correlation-id"))));
            assertThat(log.records()).noneMatch(line -> line.getMdcCopy().toString().contains("forged"));
            assertThat(log.messages()).isNotEmpty().noneMatch(line -> line.contains("forged"));
        }
    }

    private static JsonObject door(String id, String name) {
        return Events.event("file-added", id, "any").put("eventType", "door-opened").put("payload",
                JsonObject.of("door", name));
    }

    /** The headers that say what a record belongs to. */
    private static List<String> correlation(ConsumerRecord<byte[], byte[]> record) {
        return Stream.of("correlation-id", "traceparent", "tracestate")
                .filter(name -> record.headers().lastHeader(name) != null)
                .map(name -> TopicClient.header(record, name)).toList();
    }
}
