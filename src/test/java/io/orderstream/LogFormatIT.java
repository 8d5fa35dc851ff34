package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.orderstream.order.Order;
import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.schema.Frames;
import io.orderstream.support.LogText;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.NastyTexts;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.TopicClient;

/** The log of the packaged application: an object a line, or a line for people. */
@Tag("full")
class LogFormatIT {

    private static final String LISTENING = "Listening on: http://[^:]+:(\\d+)";
    /** An object or a line of a stack trace may be longer than what one text adds to it. */
    private static final int LONGEST_LINE = 30_000;
    private static final String PLAIN_LINE = "20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} (TRACE|DEBUG|INFO|WARN|ERROR) +\\[.*"
            + "|\\s+at .*|\\s+\\.\\.\\. \\d+ (more|trimmed)|\\s*(Caused by|Suppressed): .*|";
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
        // Given: Kafka's client tells of each connection that is refused
        AppProcess app = apps.start(Jdks.own(), PackagedApps.ownTopics(), "LOG_FORMAT=json",
                "KAFKA_BOOTSTRAP_SERVERS=localhost:1",
                "QUARKUS_LOG_CATEGORY__ORG_APACHE_KAFKA_COMMON_NETWORK__LEVEL=DEBUG");

        // When
        app.awaitLine("Connection refused", PATIENCE);
        app.terminate();
        app.awaitExit(PATIENCE);

        // Then
        assertThat(app.lines().stream().map(LogFormatIT::parse)).anySatisfy(line -> {
            assertThat(line.at("/exception/exceptionType").asText()).isEqualTo("java.net.ConnectException");
            assertThat(line.at("/exception/message").asText()).contains("Connection refused");
            assertThat(line.at("/exception/frames").size()).isPositive();
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

    @ParameterizedTest
    @ValueSource(strings = { "plain", "json" })
    void shouldPrintASingleBoundedLineWhateverIsSent(String format) {
        // Given
        Map<String, String> settings = PackagedApps.ownTopics();
        AppProcess app = apps.start(Jdks.own(), settings, "LOG_FORMAT=" + format, "LOG_LEVEL=trace", "ORDERS_COUNT=0",
                "ERROR_SIMULATION_RATE=0", "MAX_RETRIES=0");
        ApiClient api = new ApiClient("http://localhost:" + app.awaitLine(LISTENING, PATIENCE).group(1));
        List<String> texts = NastyTexts.all().toList();

        // When
        texts.forEach(text -> post(api, text));
        send(settings, texts);
        await().atMost(PATIENCE).until(() -> isDone(api, "orders", 2 * texts.size())
                && isDone(api, "events", texts.size()) && isDone(api, "item-orders", texts.size()));
        app.terminate();
        app.awaitExit(PATIENCE);

        // Then
        List<String> lines = app.lines();
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.length()).isLessThan(LONGEST_LINE);
            assertThat(NastyTexts.isSafe(line.replaceFirst("^\t+", ""))).as(LogText.line(line)).isTrue();
        });
        assertThat(lines).filteredOn(line -> line.contains("processed: order=")).hasSize(texts.size());
        assertThat(lines).filteredOn(line -> line.contains("dead letter: kind=")).hasSizeGreaterThan(2 * texts.size())
                .noneMatch(line -> line.contains("dead letter: kind=exhausted"));
        if (format.equals("json")) {
            assertThat(lines.stream().map(LogFormatIT::parse))
                    .allSatisfy(line -> assertThat(line.get("message").isTextual()).isTrue());
        } else {
            assertThat(lines).allMatch(line -> line.matches(PLAIN_LINE))
                    .noneMatch(line -> line.matches("[^\\[]*ERROR \\" + NastyTexts.FORGED + ".*"));
        }
    }

    private static void post(ApiClient api, String text) {
        ObjectNode body = JSON.createObjectNode().put("eventId", text).put("eventType", text).put("order_id", text)
                .put("user", text).put("item", text).put("quantity", text).put(text, text);
        for (String path : List.of("/api/events", "/api/item-orders")) {
            assertThat(api.post(path, body.toString()).status()).isEqualTo(400);
            assertThat(api.post(path, text).status()).isEqualTo(400);
        }
        String inUrl = URLEncoder.encode(text.substring(0, Math.min(text.length(), 300)), StandardCharsets.UTF_8);
        for (String path : List.of("/api/dead-letters?kind=", "/api/nothing/", "/api/dead-letters/redrive/",
                "/api/pipelines/")) {
            assertThat(api.get(path + inUrl).status()).isGreaterThanOrEqualTo(400);
        }
    }

    /** Of each text an order and one that cannot be decoded, an event and an item order, with the text wherever it fits. */
    private static void send(Map<String, String> settings, List<String> texts) {
        int schema = new ApiClient(apps.registryUrl())
                .post("/subjects/%s-value/versions".formatted(settings.get("ORDERS_TOPIC")),
                        JSON.createObjectNode().put("schema", Order.getClassSchema().toString()).toString())
                .body().get("id").asInt();
        try (TopicClient topics = new TopicClient(apps.bootstrapServers())) {
            for (String text : texts) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                List<Header> headers = Stream.of("correlation-id", "traceparent", "redrive-origin", "dead-letter-reason")
                        .<Header> map(name -> new RecordHeader(name, text.substring(0, Math.min(text.length(), 9_000))
                                .getBytes(StandardCharsets.UTF_8)))
                        .toList();
                byte[] order = Frames.frame(schema, Order.getClassSchema(),
                        Order.newBuilder().setOrderId(text).setProduct("burger").setPrice(1).build());
                String id = text.substring(0, Math.min(text.length(), 300_000));
                String json = JSON.createObjectNode().put("eventId", id).put("order_id", id).put("eventType", "unknown")
                        .put("user", "u").put("item", "i").put("quantity", 1).toString();
                Map.of("ORDERS_TOPIC", order, "EVENTS_TOPIC", json.getBytes(StandardCharsets.UTF_8), "ITEM_ORDERS_TOPIC",
                        json.getBytes(StandardCharsets.UTF_8))
                        .forEach((topic, value) -> topics.send(List.of(new ProducerRecord<>(settings.get(topic), null,
                                Arrays.copyOf(bytes, Math.min(bytes.length, 300)), value, headers))));
                topics.send(settings.get("ORDERS_TOPIC"), null, bytes);
            }
        }
    }

    private static boolean isDone(ApiClient api, String pipeline, int records) {
        JsonNode totals = api.get("/api/pipelines/" + pipeline + "/stats").body().path("totals");
        return totals.path("processed").asInt() + totals.path("deadLettered").asInt() == records;
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
