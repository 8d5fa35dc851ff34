package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.record.UnavailableException;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.EventStream.Event;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.NastyTexts;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** What a pipeline does and did, as a dashboard is told: on a real broker. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class LiveStreamTest extends OrderPipelineFixture {

    private static final String HISTORY = "/api/pipelines/orders/history";
    private static final List<String> COUNTS = List.of("received", "processed", "deadLettered");
    private static final int ORDERS = 300;
    private static final int LONGEST_TEXT = 1_000;
    private static final int LARGEST_EVENT = 64 * 1024;

    private EventStream stream;
    private ApiClient api;

    @BeforeEach
    void listen() {
        api = new ApiClient(url);
        stream = new EventStream(url, "/api/pipelines/orders/stream");
    }

    @AfterEach
    void close() {
        stream.close();
    }

    @Test
    void shouldKeepAHistoryWhoseStepsSumUpToTheTotals() {
        // Given
        JsonNode before = app.stats();
        JsonNode past = awaitHistory(before);
        List<String> ids = IntStream.range(0, ORDERS).mapToObj(number -> UUID.randomUUID() + "-" + number).toList();

        // When
        topics.send(ids.stream().map(id -> new ProducerRecord<>(settings.topic(), OrderTraffic.key(id), traffic.encode(id)))
                .toList());
        await().atMost(PATIENCE).until(() -> app.finished() - finished(before) == ORDERS);

        // Then
        JsonNode after = app.stats();
        JsonNode history = awaitHistory(after);
        COUNTS.forEach(count -> assertThat(sum(history, count) - sum(past, count)).as(count)
                .isEqualTo(after.get(count).asLong() - before.get(count).asLong()));
        assertThat(sum(history, "retried")).isEqualTo(after.get("retries").asLong());
        assertThat(history.get("average").get(history.get("average").size() - 1).decimalValue())
                .isEqualByComparingTo(after.get("average").decimalValue());
        List<String> columns = List.of("time", "received", "processed", "retried", "deadLettered", "average", "inWork",
                "waiting");
        assertThat(columns).allSatisfy(column -> assertThat(history.get(column)).hasSameSizeAs(history.get("time")));
        assertThat(history.get("amounts")).isNotEmpty()
                .allSatisfy(amount -> assertThat(amount.get(1).decimalValue()).isPositive());
        // And the stream says the same
        Event tick = await().atMost(PATIENCE).until(() -> last("tick"), event -> event.isPresent()
                && event.get().data().at("/totals/processed").equals(after.get("processed"))
                && event.get().data().at("/group/processed").equals(after.get("processed"))
                && event.get().data().get("lag").asLong() == 0).orElseThrow();
        assertThat(tick.data().at("/totals/revenue").decimalValue()).isEqualByComparingTo(after.get("revenue").decimalValue());
        assertThat(tick.data().at("/group/average").decimalValue()).isEqualByComparingTo(after.get("average").decimalValue());
        assertThat(tick.data().get("partitions")).hasSameSizeAs(after.get("partitions"));
        assertThat(tick.data().get("steps")).hasSizeLessThanOrEqualTo(10);
    }

    /** The history of all seconds until one that has ended after these statistics. */
    private JsonNode awaitHistory(JsonNode stats) {
        return await().atMost(PATIENCE).until(() -> app.get(HISTORY + "?range=all"),
                history -> sum(history, "processed") + sum(history, "deadLettered") >= finished(stats));
    }

    private static long finished(JsonNode stats) {
        return stats.get("processed").asLong() + stats.get("deadLettered").asLong();
    }

    private static long sum(JsonNode history, String column) {
        return elements(history.get(column)).mapToLong(JsonNode::asLong).sum();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    @Test
    void shouldShowAnOrderThatIsRetriedAndThoseBehindIt() {
        // Given
        String order = HalfFailing.orderWith(fault -> fault.failingAttempts() == 3);
        String behind = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        byte[] key = OrderTraffic.key(order);

        // When
        topics.send(List.of(new ProducerRecord<>(settings.topic(), 0, key, traffic.encode(order)),
                new ProducerRecord<>(settings.topic(), 0, key, traffic.encode(behind))));
        JsonNode retrying = awaitRecord(order, record -> record.get("fate").asText().equals("retrying")
                && record.get("attempt").asInt() == 3 && record.get("dueInMillis").asLong() > 0);
        JsonNode lane = stream.events("activity").stream().flatMap(event -> elements(event.data().at("/lanes/lanes")))
                .filter(one -> one.get("key").asText().equals(order) && one.get("attempt").asInt() == 3
                        && one.get("state").asText().equals("retrying"))
                .findFirst().orElseThrow();
        JsonNode processed = awaitRecord(order, record -> record.get("attempt").asInt() == 4);

        // Then
        assertThat(retrying.get("attempts").asInt()).isEqualTo(4);
        assertThat(retrying.get("dueInMillis").asLong()).isLessThanOrEqualTo(4 * HalfFailing.BACKOFF_MILLIS);
        assertThat(retrying.get("reason").asText()).contains("attempt 3");
        assertThat(lane.get("dueInMillis").asLong()).isBetween(0L, 4 * HalfFailing.BACKOFF_MILLIS);
        assertThat(lane.get("waiting").asInt()).isEqualTo(1);
        assertThat(processed.get("fate").asText()).isEqualTo("processed");
        assertThat(processed.get("label").asText()).isEqualTo("order=" + order);
        assertThat(processed.get("amount").decimalValue()).isEqualByComparingTo("10");
        assertThat(processed.get("dueInMillis").isNull()).isTrue();
        // And in the end nothing waits
        await().atMost(PATIENCE).until(() -> last("activity").orElseThrow().data().at("/lanes/total").asInt() == 0);
    }

    @Test
    void shouldShowADeadLetterWithItsReason() {
        // Given
        String order = UUID.randomUUID().toString();
        handler.answer(order, () -> Uni.createFrom().failure(new PoisonOrderException("never, as a test says")));

        // When
        RecordMetadata sent = traffic.send(order);
        JsonNode letter = awaitRecord(order, record -> record.get("fate").asText().equals("dead-lettered"));

        // Then
        assertThat(letter.get("reason").asText()).isEqualTo("never, as a test says");
        assertThat(letter.get("attempt").asInt()).isEqualTo(1);
        assertThat(letter.get("partition").asInt()).isEqualTo(sent.partition());
        assertThat(letter.get("offset").asLong()).isEqualTo(sent.offset());
    }

    private JsonNode awaitRecord(String key, Predicate<JsonNode> wanted) {
        return awaitRecord(wanted.and(record -> record.get("key").asText().equals(key)));
    }

    private JsonNode awaitRecord(Predicate<JsonNode> wanted) {
        return await().atMost(PATIENCE).until(() -> stream.events("activity").stream()
                .flatMap(event -> elements(event.data().get("records"))).filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Event> last(String name) {
        return stream.events(name).stream().reduce((first, last) -> last);
    }

    @Test
    void shouldTellOfAnOutageWhenItIsNextTriedAndKeepItInTheHistory() {
        // Given
        AtomicBoolean isDown = new AtomicBoolean(true);
        String order = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        String reason = "away " + order;
        handler.answer(order,
                () -> isDown.get()
                        ? Uni.createFrom().failure(new UnavailableException(reason, new IllegalStateException("away")))
                        : Uni.createFrom().voidItem());

        // When
        traffic.send(order);
        List<Event> told = await().atMost(PATIENCE).until(() -> outages(reason),
                events -> events.stream().map(event -> event.data().path("nextProbeAt").asText()).distinct().count() > 2);
        JsonNode during = app.get(HISTORY);
        await().atMost(PATIENCE).until(() -> stream.events("activity").stream()
                .flatMap(event -> elements(event.data().at("/lanes/lanes")))
                .anyMatch(lane -> lane.get("key").asText().equals(order) && lane.get("state").asText().equals("paused")));
        isDown.set(false);
        List<Event> all = await().atMost(PATIENCE).until(() -> outages(reason),
                events -> !events.get(events.size() - 1).data().get("active").asBoolean());

        // Then
        assertThat(told).allSatisfy(event -> {
            assertThat(event.data().get("pipeline").asText()).isEqualTo("orders");
            assertThat(event.data().get("cause").asText()).isEqualTo("dependency");
            assertThat(event.data().get("active").asBoolean()).isTrue();
        });
        assertThat(told).filteredOn(event -> event.data().has("nextProbeAt")).isNotEmpty().allSatisfy(
                event -> assertThat(instant(event.data(), "nextProbeAt")).isAfter(instant(event.data(), "since")));
        assertThat(all.get(all.size() - 1).data().has("nextProbeAt")).isFalse();
        assertThat(span(during, reason).get("until").isNull()).isTrue();
        JsonNode after = await().atMost(PATIENCE).until(() -> span(app.get(HISTORY), reason),
                span -> !span.get("until").isNull());
        assertThat(instant(after, "until")).isAfter(instant(after, "since"));
    }

    private static Instant instant(JsonNode json, String field) {
        return Instant.parse(json.get(field).asText());
    }

    private List<Event> outages(String reason) {
        return stream.events("outage").stream().filter(event -> event.data().get("reason").asText().equals(reason)).toList();
    }

    private static JsonNode span(JsonNode history, String reason) {
        return elements(history.get("outages")).filter(span -> span.get("reason").asText().equals(reason)).findFirst()
                .orElseThrow();
    }

    @Test
    void shouldShowNoMoreThanALineOfWhatASenderHasMadeUp() {
        Stream.concat(NastyTexts.all().filter(text -> text.length() < 100_000),
                Stream.of("<img src=x onerror=alert(1)>", "x".repeat(100_000))).forEach(id -> {
                    // Given
                    handler.answer(id, () -> Uni.createFrom().failure(new PoisonOrderException(id)));

                    // When
                    RecordMetadata sent = traffic.send(id);
                    JsonNode shown = awaitRecord(record -> record.get("partition").asInt() == sent.partition()
                            && record.get("offset").asLong() == sent.offset());

                    // Then
                    for (String field : List.of("label", "key", "reason")) {
                        String text = shown.get(field).asText();
                        assertThat(text).as(field).hasSizeLessThanOrEqualTo(LONGEST_TEXT);
                        assertThat(NastyTexts.isSafe(text)).as(text).isTrue();
                    }
                });
        assertThat(stream.events()).allSatisfy(event -> assertThat(event.data().toString().length()).isLessThan(LARGEST_EVENT));
    }

    @Test
    void shouldSayWhatIsWrongWithAQuestion() {
        // When
        Answer range = api.get(HISTORY + "?range=2m");
        Answer stream = api.get("/api/pipelines/none/stream");

        // Then
        assertThat(range.status()).isEqualTo(400);
        assertThat(range.text("field")).isEqualTo("range");
        assertThat(range.text("rule")).isEqualTo("one of 1m, 15m, all");
        assertThat(range.text("value")).isEqualTo("2m");
        assertThat(stream.status()).isEqualTo(404);
        assertThat(stream.text("detail")).startsWith("There is no pipeline 'none', only [");
        for (String right : List.of("", "?range=", "?range=1m", "?range=15m", "?range=all")) {
            assertThat(api.get(HISTORY + right).status()).as(right).isEqualTo(200);
        }
    }
}
