package io.orderstream.event;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.LoggedRecords;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;

/** The events, from the request of a client to their end. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class EventPipelineTest extends EventPipelineFixture {

    @Test
    void shouldAcceptAnEventWhenTheBrokerHasItAndCountItByType() {
        // Given
        JsonNode before = type("user-created");
        String id = Events.idWith(FAULTS, fault -> fault.kind() == Kind.NONE);
        JsonObject event = Events.event("user-created", id, "dora-" + id);

        // When
        Answer answer = post(event);

        // Then
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        assertThat(answer.header("correlation-id")).isEqualTo(id);
        ConsumerRecord<byte[], byte[]> record = awaitRecord(settings.topic(), "dora-" + id);
        assertThat(answer.text("topic")).isEqualTo(settings.topic());
        assertThat(answer.body().get("partition").asInt()).isEqualTo(record.partition());
        assertThat(answer.body().get("offset").asLong()).isEqualTo(record.offset());
        assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo(event.encode());
        assertThat(TopicClient.header(record, "correlation-id")).isEqualTo(id);
        await().atMost(PATIENCE).until(() -> processed(type("user-created")) == processed(before) + 1);
        await().atMost(PATIENCE)
                .until(() -> api.get("/api/events/stats").body().path("group").path("types").has("user-created"));
    }

    @Test
    void shouldRetryAnEventUntilItSucceeds() {
        // Given
        long before = api.get("/api/events/stats").body().get("retries").asLong();
        String id = Events.idWith(FAULTS, fault -> fault.kind() == Kind.TRANSIENT && fault.failingAttempts() == 3);
        try (LoggedRecords log = new LoggedRecords("io.orderstream.pipeline")) {
            // When
            post(Events.event("file-removed", id, "f-" + id));

            // Then
            await().atMost(PATIENCE).until(() -> lines(log, "processed: ", id).size() == 1);
            assertThat(lines(log, "retry: ", id)).hasSize(3);
            assertThat(api.get("/api/events/stats").body().get("retries").asLong()).isGreaterThanOrEqualTo(before + 3);
            assertThat(records(settings.dlqTopic(), "f-" + id)).isEmpty();
        }
    }

    private static List<String> lines(LoggedRecords log, String begin, String... ids) {
        return log.messages().stream().filter(line -> line.startsWith(begin) && Stream.of(ids).anyMatch(line::contains))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "JSON | {'eventId': | unknown | not JSON: ",
            "ENVELOPE | {'eventId':'$ID','eventType':'file-added','eventVersion':'1.0','payload':{}} | file-added | "
                    + "envelope: required property 'eventTime' not found",
            "TYPE | {'eventId':'$ID','eventType':'file-lost','eventVersion':'1.0','eventTime':'2026-03-01T12:00:00Z','payload':{}} "
                    + "| unknown | unknown type: /eventType: 'file-lost' is none of door-opened, file-added, file-removed, "
                    + "user-created, user-deleted",
            "VERSION | {'eventId':'$ID','eventType':'file-added','eventVersion':'2.0','eventTime':'2026-03-01T12:00:00Z',"
                    + "'payload':{}} | file-added | unsupported version: /eventVersion: '2.0' of file-added has none of the major "
                    + "versions 1",
            "PAYLOAD | {'eventId':'$ID','eventType':'user-deleted','eventVersion':'1.7','eventTime':'2026-03-01T12:00:00Z',"
                    + "'payload':{'userId':'','deletedAt':'yesterday'}} | user-deleted | payload: /payload/deletedAt: " })
    void shouldRejectAnEventAtTheFirstStageItDoesNotPass(Stage stage, String text, String type, String reason) {
        // Given
        String id = UUID.randomUUID().toString();
        String value = text.replace('\'', '"').replace("$ID", id);
        long before = deadLettered(type(type));

        // When
        Answer answer = api.post("/api/events", value);
        topics.send(settings.topic(), id.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));

        // Then: it does not leave the application
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.text("stage")).isEqualTo(stage.label());
        assertThat(answer.text("message")).startsWith(reason);
        assertThat(answer.body().get("violations")).isNotEmpty();

        // And one that comes from elsewhere is given up as it is, and counted
        ConsumerRecord<byte[], byte[]> letter = awaitRecord(settings.dlqTopic(), id);
        assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo(value);
        assertThat(TopicClient.header(letter, "dead-letter-kind")).isEqualTo("undecodable");
        assertThat(TopicClient.header(letter, "dead-letter-reason")).startsWith(reason);
        assertThat(TopicClient.header(letter, "dead-letter-attempts")).isEqualTo("0");
        await().atMost(PATIENCE).until(() -> deadLettered(type(type)) == before + 1);
        assertThat(topics.read(settings.topic())).filteredOn(record -> new String(record.value(), StandardCharsets.UTF_8)
                .equals(value)).hasSize(1);
    }

    @Test
    void shouldAcceptAMinorVersionThatIsNewer() {
        // Given
        String id = Events.idWith(FAULTS, fault -> fault.kind() == Kind.NONE);
        JsonObject event = Events.event("file-added", id, "f-" + id).put("eventVersion", "1.42.7");
        event.getJsonObject("payload").put("size", 17);
        long before = processed(type("file-added"));

        // When
        Answer answer = post(event);

        // Then
        assertThat(answer.status()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> processed(type("file-added")) == before + 1);
    }

    @Test
    void shouldHandleTheEventsOfAnEntityInTheirOrderAndLetOthersPass() {
        // Given: the key of a record says nothing, as with the scripts, whose key is the type
        String failing = Events.idWith(FAULTS, fault -> fault.kind() == Kind.TRANSIENT && fault.failingAttempts() == 3);
        String entity = "f-" + failing;
        String next = Events.idWith(FAULTS, fault -> fault.kind() == Kind.NONE);
        String other = Events.idWith(FAULTS, fault -> fault.kind() == Kind.NONE);
        try (LoggedRecords log = new LoggedRecords("io.orderstream.pipeline")) {
            // When
            topics.send(Stream.of(Events.event("file-added", failing, entity), Events.event("file-removed", next, entity),
                    Events.event("file-added", other, "f-" + other))
                    .map(event -> new ProducerRecord<>(settings.topic(), 0, "type".getBytes(StandardCharsets.UTF_8),
                            Events.bytes(event)))
                    .toList());

            // Then
            await().atMost(PATIENCE)
                    .until(() -> lines(log, "processed: ", failing, next, other).size() == 3);
            assertThat(lines(log, "processed: ", failing, next, other)).extracting(line -> line.split("[= ]")[2])
                    .containsExactly(other, failing, next);
        }
    }

    private JsonNode type(String type) {
        return api.get("/api/events/stats").body().path("types").path(type);
    }

    private static long processed(JsonNode type) {
        return type.path("processed").asLong();
    }

    private static long deadLettered(JsonNode type) {
        return type.path("deadLettered").asLong();
    }
}
