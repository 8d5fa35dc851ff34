package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.RefusingOrders;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

/**
 * All that is found by its name when the application runs, seen from outside alone: what is written as JSON and as Avro,
 * schemas and their messages, the spool. {@link NativePipelinesIT} is the same for what is packaged, be it a jar or a
 * native executable.
 */
@Tag("full")
@QuarkusTest
@TestProfile(PipelinesFullTest.Operated.class)
@WithTestResource(RefusingOrders.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelinesFullTest {

    private static final SimulatedFaults FAULTS = new SimulatedFaults(0.5);

    /** From the test resource. */
    TopicClient topics;

    @TestHTTPResource
    String url;

    private ApiClient api;

    /** Half of all records fail, orders come all the time, and there is an operator. */
    public static class Operated implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            String rate = Double.toString(FAULTS.rate());
            return Map.of("ORDERS_INTERVAL", "50ms", "ERROR_SIMULATION_RATE", rate, "EVENTS_ERROR_RATE", rate,
                    "RETRY_BACKOFF_SECONDS", "0.05", "OPERATOR_USER", "olga", "OPERATOR_PASSWORD", "secret", "METRICS_PORT",
                    "0", "LOG_FORMAT", "plain");
        }
    }

    @BeforeAll
    void letOrdersInOnceSomeAreSpooled() {
        connect();
        JsonNode letter = awaitLetter("kind=undeliverable");
        topics.takeRecordsOf(letter.at("/origin/topic").asText(), 1_000_000);
        await().atMost(PATIENCE).until(() -> get("/api/orders/stats").get("processed").asLong() > 10);
    }

    @BeforeEach
    void connect() {
        api = new ApiClient(url);
    }

    @Test
    void shouldKeepOrdersTheBrokerRefusesInTheSpoolAndLetThemGoAsDeadLetters() {
        // Given
        JsonNode letter = awaitLetter("kind=undeliverable");

        // Then
        assertThat(letter.at("/origin/spoolId").asText()).isNotEmpty();
        assertThat(letter.get("exception").asText()).endsWith("RecordTooLargeException");
        assertThat(letter.at("/value/format").asText()).isEqualTo("avro");
        assertThat(letter.at("/value/decoded/product").asText()).isNotEmpty();
    }

    @Test
    void shouldCountOrdersAndShowThoseThatFail() {
        // Given
        JsonNode letter = awaitLetter("kind=poison&topic=" + ordersDlq());

        // Then
        JsonNode stats = await().atMost(PATIENCE).until(() -> get("/api/orders/stats"), now -> now.get("group").isObject());
        assertThat(stats.get("average").decimalValue()).isPositive();
        assertThat(stats.get("partitions")).hasSize(6);
        assertThat(stats.at("/group/received").isNumber()).isTrue();
        assertThat(letter.get("history")).hasSize(1);
        JsonNode flat = get("/api/dead-letters?shape=record&limit=1").get(0);
        assertThat(flat.toString()).contains("price");
        assertThat(get("/api/dead-letters/summary").get("groups").findValuesAsText("kind")).contains("poison", "undeliverable");
    }

    @Test
    void shouldHandleEventsAndSayWhatIsWrongWithOthers() {
        // Given
        String id = idWith(Kind.NONE);

        // When
        Answer accepted = api.post("/api/events", event(id, "user-deleted", "\"userId\": \"u\""));
        Answer invalid = api.post("/api/events", event(id, "user-deleted", "\"userId\": \"\""));
        Answer unknown = api.post("/api/events", event(id, "user-lost", "\"userId\": \"u\""));

        // Then
        assertThat(accepted.status()).as(accepted.body().toString()).isEqualTo(202);
        assertThat(accepted.body().get("offset").isNumber()).isTrue();
        await().atMost(PATIENCE).until(
                () -> get("/api/events/stats").at("/types/user-deleted/processed").asLong() > 0);
        assertThat(invalid.status()).isEqualTo(400);
        assertThat(invalid.body().get("violations").findValuesAsText("rule"))
                .containsExactly("must be at least 1 characters long");
        assertThat(unknown.text("stage")).isEqualTo("unknown type");
    }

    @Test
    void shouldCountItemOrdersByUserAndItem() {
        // When
        Answer accepted = api.post("/api/item-orders",
                "{\"order_id\":\"1\",\"user\":\"dora\",\"item\":\"ramen\",\"quantity\":2}");
        Answer invalid = api.post("/api/item-orders",
                "{\"order_id\":\"1\",\"user\":\"dora\",\"item\":\"ramen\",\"quantity\":0}");

        // Then
        assertThat(accepted.status()).as(accepted.body().toString()).isEqualTo(202);
        assertThat(invalid.text("message")).contains("/quantity");
        await().atMost(PATIENCE).until(() -> get("/api/tracker/stats?limit=3").toString().contains("dora"));
    }

    @Test
    void shouldRedriveForAnOperatorAndNobodyElse() {
        // Given
        String key = awaitLetter("kind=poison&topic=" + ordersDlq()).get("key").asText();
        String filter = "{\"filter\": {\"key\": \"" + key + "\"}";
        OperatorClient operator = new OperatorClient(url, "olga:secret");
        operator.awaitJobsRead(PATIENCE);

        // When
        Answer dryRun = operator.redrive(filter + ", \"dryRun\": true}");
        Answer job = operator.redrive(filter + "}");

        // Then
        assertThat(dryRun.body().at("/groups/0/kind").asText()).isEqualTo("poison");
        assertThat(job.status()).as(job.body().toString()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> operator.job(job.text("id")).text("state").equals("finished"));
        assertThat(operator.job(job.text("id")).body().get("sent").asInt()).isOne();
        assertThat(operator.jobs().body()).isNotEmpty();
        Answer stranger = new OperatorClient(url, "olga:guessed").redrive(filter + "}");
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(new OperatorClient(url, null).job("none").text("message")).isEqualTo("there is no job none");
    }

    @Test
    void shouldStreamStatisticsAndRejectWhatItDoesNotUnderstand() {
        // Given
        try (EventStream stream = new EventStream(url)) {
            // Then
            await().atMost(PATIENCE).until(() -> stream.events("stats").size() > 1);
            assertThat(stream.events("stats").get(0).data().get("processed").asLong()).isPositive();
        }
        Answer rejected = api.get("/api/dead-letters?limit=none");
        assertThat(rejected.status()).isEqualTo(400);
        assertThat(rejected.text("field")).isEqualTo("limit");
    }

    private JsonNode get(String path) {
        Answer answer = api.get(path);
        assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(200);
        return answer.body();
    }

    private JsonNode awaitLetter(String query) {
        return await().atMost(PATIENCE).until(() -> get("/api/dead-letters?limit=1&" + query), found -> !found.isEmpty())
                .get(0);
    }

    private String ordersDlq() {
        return awaitLetter("kind=undeliverable").get("topic").asText();
    }

    private static String idWith(Kind kind) {
        return Stream.generate(() -> UUID.randomUUID().toString()).filter(id -> FAULTS.of(id).kind() == kind).findFirst()
                .orElseThrow();
    }

    private static String event(String id, String type, String field) {
        List<String> fields = List.of("\"eventId\": \"" + id + "\"", "\"eventType\": \"" + type + "\"",
                "\"eventVersion\": \"1.0\"", "\"eventTime\": \"2026-03-01T12:00:00Z\"",
                "\"payload\": {" + field + ", \"deletedAt\": \"2026-03-01T12:00:00Z\"}");
        return "{" + String.join(", ", fields) + "}";
    }
}
