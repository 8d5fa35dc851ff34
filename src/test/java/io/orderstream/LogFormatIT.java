package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.PackagedApps;

/** The log of the packaged application: an object a line, or a line for people. */
@Tag("full")
class LogFormatIT {

    private static final String LISTENING = "Listening on: http://[^:]+:(\\d+)";
    private static final SimulatedFaults FAULTS = new SimulatedFaults(0.5);
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static PackagedApps apps;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        apps = new PackagedApps(directory);
    }

    @AfterAll
    static void stop() {
        apps.close();
    }

    @Test
    void shouldLogAnObjectALineAndTheCorrelationInThoseOfAnEvent() {
        // Given: the setting is not set, which in the packaged application means json
        String correlation = "request-" + UUID.randomUUID();
        AppProcess app = apps.start(Jdks.own(), PackagedApps.ownTopics(), "LOG_FORMAT=", "LOG_LEVEL=debug", "ORDERS_COUNT=10",
                "ORDERS_INTERVAL=5ms", "EVENTS_ERROR_RATE=" + FAULTS.rate());

        // When
        postPoison(app, correlation);
        app.awaitLine("dead letter: .*" + correlation, PATIENCE);
        app.terminate();
        app.awaitExit(PATIENCE);

        // Then
        List<JsonNode> lines = app.lines().stream().map(LogFormatIT::parse).toList();
        assertThat(lines).allSatisfy(line -> Stream.of("timestamp", "level", "loggerName", "message", "threadName")
                .forEach(field -> assertThat(line.path(field).isTextual()).as(field + " of " + line).isTrue()));
        assertThat(lines).filteredOn(line -> line.at("/mdc/correlation-id").asText().equals(correlation))
                .extracting(line -> line.get("message").asText())
                .anyMatch(message -> message.startsWith("dead letter: kind=poison event="));
        assertThat(lines).extracting(line -> line.get("message").asText())
                .anyMatch(message -> message.startsWith("final statistics: "));
        assertThat(lines).noneMatch(line -> line.has("loggerClassName") || line.at("/mdc").has("ids"));
    }

    @Test
    void shouldLogAnExceptionAsFieldsOfItsLine() {
        // When
        AppProcess app = apps.start(Jdks.own(), PackagedApps.ownTopics(), "LOG_FORMAT=json", "SCHEMA_REGISTRY_USER=olga");
        app.awaitExit(PATIENCE);

        // Then
        assertThat(app.lines().stream().map(LogFormatIT::parse)).anySatisfy(line -> {
            assertThat(line.get("level").asText()).isEqualTo("ERROR");
            assertThat(line.at("/exception/exceptionType").asText()).isNotEmpty();
            assertThat(line.at("/exception/frames").size()).isPositive();
            assertThat(line.get("exception").toString()).contains("SCHEMA_REGISTRY_PASSWORD must be set together");
        });
    }

    @Test
    void shouldShowPeopleTheCorrelationWhereThereIsOneAndNothingWhereThereIsNone() {
        // Given
        String correlation = "request-" + UUID.randomUUID();
        AppProcess app = apps.start(Jdks.own(), PackagedApps.ownTopics(), "LOG_FORMAT=plain", "ORDERS_COUNT=0",
                "EVENTS_ERROR_RATE=" + FAULTS.rate());

        // When
        postPoison(app, correlation);

        // Then
        app.awaitLine(" WARN  \\[io\\.ord\\.pipeline] \\(.+\\) \\[correlation-id=" + correlation + "] dead letter: ", PATIENCE);
        app.awaitLine(" INFO  \\[io\\.quarkus] \\(main\\) orderstream ", PATIENCE);
        assertThat(app.lines()).noneMatch(line -> line.contains("[] ") || line.startsWith("{"));
    }

    private static void postPoison(AppProcess app, String correlation) {
        ApiClient api = new ApiClient("http://localhost:" + app.awaitLine(LISTENING, PATIENCE).group(1));
        String id = Stream.generate(() -> UUID.randomUUID().toString())
                .filter(each -> FAULTS.of(each).kind() == Kind.POISON).findFirst().orElseThrow();
        String event = """
                {"eventId": "%s", "eventType": "user-deleted", "eventVersion": "1.0", "eventTime": "2026-03-01T12:00:00Z",
                 "payload": {"userId": "u", "deletedAt": "2026-03-01T12:00:00Z"}}""".formatted(id);
        await().atMost(PATIENCE)
                .until(() -> api.post("/api/events", event, "correlation-id", correlation).status() == 202);
    }

    private static JsonNode parse(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            assertThat(json.isObject()).as(line).isTrue();
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + line, e);
        }
    }
}
