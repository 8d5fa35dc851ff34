package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.ForeignDeadLetters;
import io.orderstream.testsupport.HalfFailing;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Letters of the running pipeline and of another application, as the API and the metrics show them. */
@Tag("full")
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(ForeignDeadLetters.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadLetterMonitorFullTest extends OrderPipelineFixture {

    private static final int LETTERS = 12;
    private static final byte[] BAD_KEY = { 'k', -1 };

    private final List<String> poison = Stream.generate(() -> HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON))
            .limit(3).toList();
    private final List<String> exhausted = Stream
            .generate(() -> HalfFailing.orderWith(fault -> fault.kind() == Kind.TRANSIENT && !fault.isProcessedWithin(4)))
            .limit(2).toList();

    @BeforeAll
    void makeLetters() {
        connect();
        poison.forEach(traffic::send);
        exhausted.forEach(traffic::send);
        topics.send(settings.topic(), OrderTraffic.key("json"), "{\"orderId\": [1]}".getBytes(StandardCharsets.UTF_8));
        topics.send(settings.topic(), BAD_KEY, new byte[] { 42, 7 });
        topics.create(ForeignDeadLetters.TOPIC, 1);
        topics.send(List.of(PaymentLetters.refused(12), PaymentLetters.refused(13), PaymentLetters.refused(13),
                PaymentLetters.again(0, 20), PaymentLetters.again(3, 31)));
        await().atMost(PATIENCE).until(() -> summary().get("complete").asBoolean()
                && summary().get("letters").asInt() == LETTERS);
    }

    @Test
    void shouldSummariseLettersByKindAndReason() {
        // When
        JsonNode summary = summary();

        // Then
        assertThat(summary.get("originals").asInt()).isEqualTo(10);
        assertThat(summary.get("indexed").asInt()).isEqualTo(10);
        assertThat(summary.get("oldest").asText()).isEqualTo(PaymentLetters.LONG_AGO.toString());
        assertThat(summary.get("kinds")).hasToString(
                "{\"exhausted\":3,\"poison\":3,\"undecodable\":2,\"undeliverable\":0,\"unknown\":2}");
        assertThat(texts(summary.get("groups"), group -> "%s: %s: %s".formatted(group.get("kind").asText(),
                group.get("reason").asText(), numbers(group, "count", "letters", "open", "redriven", "parked"))))
                .containsExactlyInAnyOrder("poison: simulated poison: order <id> can never succeed: 3 3 3 0 0",
                        "exhausted: simulated fault: attempt <n> of <n> that fail for order <id>: 2 2 2 0 0",
                        "undecodable: magic byte is <id>, expected <id>: not Confluent's framing, perhaps bare Avro: 2 2 2 0 0",
                        "unknown: payment <n> refused: 2 3 2 0 0", "exhausted: gave up at <n>: 1 2 0 0 1");
    }

    @Test
    void shouldShowTimesTopicsTrendAndOneSampleOfAGroup() {
        // When
        JsonNode largest = summary().get("groups").get(0);
        JsonNode foreign = StreamSupport.stream(summary().get("groups").spliterator(), false)
                .filter(group -> group.get("kind").asText().equals("unknown")).findFirst().orElseThrow();

        // Then
        assertThat(largest.get("kind").asText()).isEqualTo("poison");
        assertThat(largest.get("topics")).hasToString("{\"%s\":3}".formatted(settings.dlqTopic()));
        assertThat(largest.get("trend")).hasToString(
                "{\"lastHour\":3,\"hourBefore\":0,\"buckets\":%s,\"direction\":\"rising\"}".formatted(buckets(largest, 3)));
        assertThat(Instant.parse(largest.get("firstSeen").asText())).isAfter(PaymentLetters.LONG_AGO)
                .isBeforeOrEqualTo(Instant.parse(largest.get("lastSeen").asText()));
        assertThat(largest.get("sample").get("value").get("decoded").get("orderId").asText()).isIn(poison);
        assertThat(foreign.get("firstSeen").asText()).isEqualTo(PaymentLetters.LONG_AGO.toString());
        assertThat(foreign.get("trend")).hasToString(
                "{\"lastHour\":0,\"hourBefore\":0,\"buckets\":%s,\"direction\":\"steady\"}".formatted(buckets(foreign, 0)));
    }

    /** Its buckets, which are 24 and have that sum. */
    private static JsonNode buckets(JsonNode group, int sum) {
        JsonNode buckets = group.at("/trend/buckets");
        assertThat(buckets).hasSize(24);
        assertThat(StreamSupport.stream(buckets.spliterator(), false).mapToInt(JsonNode::asInt).sum()).isEqualTo(sum);
        return buckets;
    }

    @Test
    void shouldShowALetterWithItsBytesAndWhatTheySay() {
        // Given
        String orderId = poison.get(1);

        // When: a registry that is slow to answer is not waited for
        JsonNode letter = await().atMost(PATIENCE).until(() -> only("key=" + orderId),
                shown -> shown.at("/value/schemaVersion").isInt());

        // Then
        assertThat(letter.get("topic").asText()).isEqualTo(settings.dlqTopic());
        assertThat(letter.get("origin").get("topic").asText()).isEqualTo(settings.topic());
        assertThat(letter.get("reason").asText()).isEqualTo("simulated poison: order " + orderId + " can never succeed");
        assertThat(letter.get("attempts").asInt()).isEqualTo(1);
        assertThat(letter.get("status").asText()).isEqualTo("open");
        assertThat(letter.has("keyHex")).isFalse();
        JsonNode value = letter.get("value");
        byte[] bytes = traffic.encode(orderId);
        assertThat(value.get("hex").asText()).isEqualTo(HexFormat.of().formatHex(bytes));
        assertThat(value.get("bytes").asInt()).isEqualTo(bytes.length);
        assertThat(value.get("decoded").fieldNames()).toIterable().containsExactly("orderId", "product", "price");
        assertThat(value.get("decoded").get("orderId").asText()).isEqualTo(orderId);
        assertThat(value.get("decoded").get("price").asDouble()).isEqualTo(10);
        assertThat(value.get("format").asText()).isEqualTo("avro");
        assertThat(value.get("schemaId").asInt()).isEqualTo(bytes[4]);
        assertThat(value.get("subject").asText()).isEqualTo(settings.topic() + "-value");
        assertThat(value.get("schemaVersion").asInt()).isEqualTo(1);
    }

    @Test
    void shouldShowWhatDoesNotDecodeAsBytes() {
        // When
        JsonNode json = only("key=json").get("value");
        JsonNode bad = only("key=" + encode("k\ufffd"));

        // Then
        assertThat(json.get("format").asText()).isEqualTo("json");
        assertThat(json.get("decoded")).hasToString("{\"orderId\":[1]}");
        assertThat(json.get("schemaId").isNull()).isTrue();
        assertThat(bad.get("keyHex").asText()).isEqualTo("6bff");
        assertThat(bad.get("value").get("hex").asText()).isEqualTo("2a07");
        assertThat(bad.get("value").get("decoded").isNull()).isTrue();
    }

    @Test
    void shouldShowTheHistoryOfWhatWasRedriven() {
        // When
        JsonNode letter = only("status=parked");

        // Then
        assertThat(letter.get("origin")).hasToString("{\"topic\":\"payments\",\"partition\":0,\"offset\":20}");
        assertThat(letter.get("redriveCount").asInt()).isEqualTo(3);
        assertThat(letter.get("history").findValuesAsText("reason")).containsExactly("gave up at 20", "gave up at 31");
        assertThat(letter.get("history").findValuesAsText("redriveId")).containsExactly("", "a-job");
        assertThat(letter.get("value").get("truncated").asBoolean()).isTrue();
        assertThat(letter.get("value").get("bytes").asInt()).isEqualTo(20_000);
        assertThat(letter.get("value").get("hex").asText()).hasSize(2 * 16_384);
        assertThat(only("key=p-13").get("copies").asInt()).isEqualTo(1);
        assertThat(only("key=p-13").get("value").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({ "kind=poison,3", "kind=unknown,2", "kind=undeliverable,0", "topic=payments,3", "topic=payments-dlq,3",
            "status=open,9", "status=redriven,0", "reason=payment%2099%20refused,2", "until=2026-01-01T00:30:00Z,2",
            "since=1h,7", "limit=4,4", "topic=payments&kind=exhausted,1" })
    void shouldListWhatIsSelected(String query, int letters) {
        assertThat(app.get("/api/dead-letters?" + query)).hasSize(letters);
    }

    @Test
    void shouldListAGroupByItsNameAndTheNewestFirst() {
        // Given
        String group = summary().get("groups").get(0).get("reasonGroup").asText();

        // Then
        assertThat(texts(app.get("/api/dead-letters?reasonGroup=" + group), letter -> letter.get("key").asText()))
                .containsExactlyInAnyOrderElementsOf(poison);
        assertThat(texts(app.get("/api/dead-letters"), letter -> letter.get("at").asText())).hasSize(10)
                .isSortedAccordingTo((one, other) -> Instant.parse(other).compareTo(Instant.parse(one)));
    }

    @ParameterizedTest
    @CsvSource({ "limit,0", "limit,1001", "kind,none", "status,none", "since,soon", "until,never" })
    void shouldRefuseWhatBreaksItsRule(String field, String value) throws IOException, InterruptedException {
        // When
        HttpResponse<String> answer = http("/api/dead-letters?" + field + "=" + value);

        // Then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"", "\"value\":\"" + value + "\"", "\"rule\":\"");
    }

    @Test
    void shouldGaugeLettersPerKindAndTheAgeOfTheOldest() throws IOException, InterruptedException {
        // When
        String metrics = http("/q/metrics").body();

        // Then
        assertThat(metrics).containsPattern("orderstream_dead_letters\\{kind=\"poison\",?\\} 3\\.0")
                .containsPattern("orderstream_dead_letters\\{kind=\"undeliverable\",?\\} 0\\.0");
        String age = metrics.lines().filter(line -> line.startsWith("orderstream_dead_letter_oldest_age_seconds"))
                .map(line -> line.substring(line.lastIndexOf(' '))).findFirst().orElseThrow();
        assertThat(Double.parseDouble(age)).isCloseTo(Duration.between(PaymentLetters.LONG_AGO, Instant.now()).toSeconds(),
                Offset.offset(60.0));
    }

    @Test
    void shouldStayWithHttp1WhenJavasClientAsksForMore() throws IOException, InterruptedException {
        assertThat(http("/api/dead-letters").version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    private JsonNode summary() {
        return app.get("/api/dead-letters/summary");
    }

    private JsonNode only(String query) {
        JsonNode letters = app.get("/api/dead-letters?" + query);
        assertThat(letters).as(query).hasSize(1);
        return letters.get(0);
    }

    private static List<String> texts(JsonNode array, Function<JsonNode, String> text) {
        return StreamSupport.stream(array.spliterator(), false).map(text).toList();
    }

    private static String numbers(JsonNode object, String... names) {
        return String.join(" ", Stream.of(names).map(name -> object.get(name).asText()).toList());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpResponse<String> http(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(url).resolve(path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
