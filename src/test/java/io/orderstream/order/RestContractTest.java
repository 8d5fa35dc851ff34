package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.orderstream.event.Events;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.record.UnavailableException;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.AnswerShapes;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.ApiDescription;
import io.orderstream.testsupport.Contract;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OperatorClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** The running application answers and writes with the fields and headers that were recorded, whatever makes them. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class RestContractTest extends OrderPipelineFixture {

    private static final String REASON = "never, as a test of what others rely on says";
    private static final String LETTERS = "/api/dead-letters";
    private static final String REDRIVES = LETTERS + "/redrive";
    /** More than a producer sends. */
    private static final int TOO_LARGE = 1_500_000;
    private static final byte NO_TEXT = -1;
    /** No order gets there. */
    private static final String FAR_AWAY = "1000000000000";

    private final AnswerShapes seen = new AnswerShapes();
    private final String run = UUID.randomUUID().toString();
    private ApiClient api;
    private OperatorClient operator;
    private ApiDescription description;

    @BeforeEach
    void operate() {
        api = new ApiClient(url);
        operator = new OperatorClient(url, HalfFailing.CREDENTIALS);
        operator.awaitJobsRead(PATIENCE);
        description = new ApiDescription(api.get("/q/openapi?format=json").body());
        seen.holdTo(description);
    }

    @Test
    void shouldKeepTheFieldsOfWhatIsPublishedAndOfStatistics() {
        // Given
        traffic.send(idWith(Kind.NONE));
        post("/api/events", event(idWith(Kind.NONE)));
        post("/api/item-orders", itemOrder("2"));

        // When
        post("/api/events", "{");
        post("/api/events", event(run).replace("file-added", "file-lost"));
        post("/api/events", event("x".repeat(TOO_LARGE)));
        post("/api/item-orders", itemOrder("\"5\""));
        get("/api/orders/stats", stats -> isDone(stats) && stats.get("outages").isEmpty());
        get("/api/events/stats", RestContractTest::isDone);
        get("/api/tracker/stats", stats -> isDone(stats) && !stats.at("/group/topUsers").isEmpty());
        get("/api/tracker/stats?limit=0", answer -> true);

        // Then
        Contract.hold("rest-statistics.txt", seen.lines());
    }

    @Test
    void shouldKeepTheFieldsOfDeadLetters() {
        // Given
        String order = sendPoison();
        byte[] noText = OrderTraffic.key(" " + run);
        noText[0] = NO_TEXT;
        topics.send(settings.topic(), noText, new byte[] { 9, 9, 9 });
        String event = idWith(Kind.POISON);
        api.post("/api/events", event(event));
        topics.send(List.of(letter("bare", Map.of()), letter("spooled", Map.of("topic", settings.topic(), "spool-id", run,
                "kind", "undeliverable", "reason", REASON, "timestamp", Instant.now().toString()))));

        // When
        for (String key : List.of(order, new String(noText, StandardCharsets.UTF_8), event, run + "bare", run + "spooled")) {
            String query = "?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
            seen.add("GET " + LETTERS, await().atMost(PATIENCE).until(() -> api.get(LETTERS + query),
                    answer -> !answer.body().isEmpty() && areRead(answer.body())));
            seen.add("GET " + LETTERS + "?shape=record", api.get(LETTERS + query + "&shape=record"));
        }
        for (String wrong : List.of("limit=0", "kind=x", "status=x", "since=x", "until=x", "shape=x", "topic=x", "reason=x",
                "reasonGroup=x", "key=x")) {
            get(LETTERS + "?" + wrong, answer -> true);
        }
        Answer answer = await().atMost(PATIENCE).until(() -> api.get(LETTERS + "/summary"),
                known -> !own(known.body()).isEmpty());
        assertThat(description.faults("GET " + LETTERS + "/summary", answer)).isEmpty();
        ObjectNode summary = answer.body().deepCopy();
        summary.putArray("groups").addAll(own(answer.body()));
        seen.add("GET " + LETTERS + "/summary", summary);

        // Then
        Contract.hold("rest-dead-letters.txt", seen.lines());
    }

    @Test
    void shouldKeepTheFieldsOfRedrives() {
        // Given
        String order = sendPoison();
        traffic.awaitDeadLetter(order);
        topics.send(
                List.of(letter("parked",
                        Map.of("topic", settings.topic(), "partition", "0", "offset", FAR_AWAY, "kind", "poison",
                                "reason", REASON, "attempts", "1"),
                        new RecordHeader("redrive-count", OrderTraffic.key("3")))));
        String both = "\"letters\":[%s,%s]".formatted(coordinates(order), coordinates(run + "parked"));

        // When
        seen.add("POST " + REDRIVES + " dryRun", operator.redrive("{\"dryRun\":true,\"filter\":{%s}}".formatted(both)));
        String finished = seen.add("POST " + REDRIVES, operator.redrive("{\"filter\":{%s}}".formatted(both))).text("id");
        await().atMost(PATIENCE).until(() -> operator.job(finished).text("state").equals("finished")
                && traffic.deadLetters(order).size() == 2);
        seen.add("GET " + REDRIVES + "/{id} finished", operator.job(finished));
        seen.add("GET " + REDRIVES, JsonNodeFactory.instance.arrayNode()
                .addAll(elements(operator.jobs().body(), job -> job.get("id").asText().equals(finished))));
        seen.add("DELETE " + REDRIVES + "/{id} finished", operator.stop(finished));
        seen.add("GET " + REDRIVES + "/{id} unknown", operator.job(run));
        seen.add("POST " + REDRIVES + " wrong", operator.redrive("{}"));
        seen.add("POST " + REDRIVES + " by nobody", new OperatorClient(url, null).redrive("{}"));
        stopAndResume();

        // Then
        Contract.hold("rest-redrives.txt", seen.lines());
    }

    /** A slow job with all that a filter has. It is left stopped, as its letters are nobody else's. */
    private void stopAndResume() {
        String order = sendPoison();
        traffic.send(order);
        await().atMost(PATIENCE).until(() -> traffic.deadLetters(order).size() == 2);
        JsonNode letter = await().atMost(PATIENCE).until(() -> api.get(LETTERS + "?key=" + order).body(),
                letters -> letters.size() == 2).get(0);
        String filter = ("\"topic\":\"%s\",\"kind\":\"poison\",\"reason\":\"%s\",\"reasonGroup\":\"%s\",\"key\":\"%s\","
                + "\"since\":\"2000-01-01T00:00:00Z\",\"until\":\"%s\"").formatted(settings.dlqTopic(), REASON,
                        letter.get("reasonGroup").asText(), order, Instant.now().plusSeconds(1));
        String slow = seen.add("POST " + REDRIVES + " slow",
                operator.redrive("{\"filter\":{%s},\"ratePerSecond\":0.1,\"limit\":5}".formatted(filter))).text("id");
        await().atMost(PATIENCE).until(() -> operator.job(slow).body().path("sent").asInt() > 0);
        seen.add("DELETE " + REDRIVES + "/{id}", operator.stop(slow));
        await().atMost(PATIENCE).until(() -> operator.job(slow).text("state").equals("stopped"));
        seen.add("GET " + REDRIVES + "/{id} stopped", operator.job(slow));
        seen.add("POST " + REDRIVES + "/{id}/resume", operator.resume(slow));
        operator.stop(slow);
        await().atMost(PATIENCE).until(() -> operator.job(slow).text("state").equals("stopped"));
        // What other tests count does not come later.
        await().atMost(PATIENCE)
                .until(() -> traffic.deadLetters(order).size() == 2 + operator.job(slow).body().get("sent").asInt());
    }

    @Test
    void shouldKeepTheFieldsOfHealthAndOfTheStreamThroughAnOutage() {
        // Given
        AtomicBoolean isDown = new AtomicBoolean(true);
        String order = idWith(Kind.NONE);
        handler.answer(order, () -> isDown.get()
                ? Uni.createFrom().failure(new UnavailableException("away", new IllegalStateException("away")))
                : Uni.createFrom().voidItem());
        try (EventStream stream = new EventStream(url)) {
            // When
            traffic.send(order);
            Predicate<JsonNode> isOut = stats -> isComplete(stats) && !stats.get("outages").isEmpty();
            get("/api/orders/stats", isOut);
            addHealth("/ready", health -> !health.at("/checks/outages/data").isEmpty());
            addEvent("/api/stream", stream, "stats", isOut);
            addEvent("/api/stream", stream, "outage", outage -> outage.get("active").asBoolean());
            isDown.set(false);
            addEvent("/api/stream", stream, "outage", outage -> !outage.get("active").asBoolean());
            await().atMost(PATIENCE).until(app::stats, stats -> isDone(stats) && stats.get("outages").isEmpty());
            Stream.of("", "/live", "/ready", "/started")
                    .forEach(kind -> addHealth(kind, health -> health.at("/checks/outages/data").isEmpty()));
        }

        // Then
        Contract.hold("rest-outage.txt", seen.lines());
    }

    private static List<JsonNode> own(JsonNode summary) {
        return elements(summary.get("groups"), group -> group.get("reason").asText().equals(REASON));
    }

    private void addEvent(String path, EventStream stream, String name, Predicate<JsonNode> wanted) {
        JsonNode event = awaitEvent(stream, name, wanted);
        assertThat(description.faults("GET " + path.replace("/orders/", "/{name}/"), event)).isEmpty();
        seen.add("GET " + path + " " + name, event);
    }

    private static JsonNode awaitEvent(EventStream stream, String name, Predicate<JsonNode> wanted) {
        return await().atMost(PATIENCE).until(() -> stream.events(name).stream()
                .map(EventStream.Event::data).filter(wanted).findFirst(), found -> found.isPresent()).orElseThrow();
    }

    @Test
    void shouldKeepTheFieldsOfWhatAPipelineDoesAndDid() {
        // Given
        AtomicBoolean isDown = new AtomicBoolean(true);
        String away = idWith(Kind.NONE);
        handler.answer(away,
                () -> isDown.get()
                        ? Uni.createFrom().failure(new UnavailableException("away", new IllegalStateException("away")))
                        : Uni.createFrom().voidItem());
        String path = "/api/pipelines/orders/stream";
        try (EventStream stream = new EventStream(url, path)) {
            // When
            String retried = HalfFailing.orderWith(fault -> fault.failingAttempts() == 3);
            traffic.send(retried);
            String letter = sendPoison();
            addPart(path, stream, "/records", "fate", "retrying", retried);
            addPart(path, stream, "/records", "fate", "processed", retried);
            addPart(path, stream, "/records", "fate", "dead-lettered", letter);
            addPart(path, stream, "/lanes/lanes", "state", "retrying", retried);
            addEvent(path, stream, "tick", tick -> isComplete(tick) && !tick.at("/steps").isEmpty()
                    && !elements(tick.get("steps"), step -> !step.get("amounts").isEmpty()).isEmpty());
            traffic.send(away);
            addEvent(path, stream, "outage", outage -> outage.has("nextProbeAt"));
            isDown.set(false);
            addEvent(path, stream, "outage", outage -> !outage.get("active").asBoolean());
        }
        get("/api/pipelines/orders/history", history -> !history.get("amounts").isEmpty() && !history.get("outages").isEmpty()
                && elements(history.get("outages"), span -> span.get("until").isNull()).isEmpty());
        get("/api/pipelines/orders/history?range=x", answer -> true);
        get("/api/pipelines/none/history", answer -> true);
        get("/api/pipelines/none/stream", answer -> true);

        // Then
        Contract.hold("rest-pipelines.txt", seen.lines());
    }

    /** One of the records or lanes of an activity: what else is in it depends on the time. */
    private void addPart(String path, EventStream stream, String at, String field, String value, String key) {
        Predicate<JsonNode> wanted = one -> one.get("key").asText().equals(key) && one.get(field).asText().equals(value);
        JsonNode activity = awaitEvent(stream, "activity", event -> !elements(event.at(at), wanted).isEmpty());
        assertThat(description.faults("GET /api/pipelines/{name}/stream", activity)).isEmpty();
        seen.add("GET " + path + " activity " + at + " " + value, elements(activity.at(at), wanted).get(0));
        assertThat(activity.at("/lanes/total").isInt()).isTrue();
    }

    private void addHealth(String kind, Predicate<JsonNode> wanted) {
        JsonNode health = await().atMost(PATIENCE).until(() -> byName(api.get("/q/health" + kind).body()),
                answer -> answer.get("status").asText().equals("UP") && wanted.test(answer));
        seen.add("GET /q/health" + kind, health);
    }

    /** With the checks by their names, and the outages, which have names of pipelines and causes, by none. */
    private static ObjectNode byName(JsonNode health) {
        ObjectNode named = health.deepCopy();
        ObjectNode checks = named.putObject("checks");
        health.get("checks").forEach(check -> checks.set(check.get("name").asText(), check));
        JsonNode outages = checks.at("/outages/data");
        if (!outages.isEmpty()) {
            JsonNode any = outages.elements().next();
            ((ObjectNode) outages).removeAll().set("*", any);
        }
        return named;
    }

    @Test
    void shouldKeepTheHeadersOfRecords() {
        // Given
        SortedSet<String> headers = new TreeSet<>();
        String order = sendPoison();
        traffic.awaitDeadLetter(order);
        String event = idWith(Kind.POISON);

        // When
        JsonNode at = api.post("/api/events", event(event), "correlation-id", run, "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate", "a=b").body();
        operator.redrive("{\"filter\":{\"key\":\"%s\"}}".formatted(order));
        await().atMost(PATIENCE).until(() -> traffic.deadLetters(order).size() == 2);
        JsonNode letter = await().atMost(PATIENCE).until(() -> api.get(LETTERS + "?key=" + event).body(),
                letters -> !letters.isEmpty()).get(0);

        // Then
        add(headers, "event", topics.read(at.get("topic").asText()), event);
        add(headers, "dead letter of an event", topics.read(letter.get("topic").asText()), event);
        add(headers, "redriven order", topics.read(settings.topic()), order);
        add(headers, "dead letter of a redriven order", traffic.deadLetters(order), order);
        Contract.hold("records.txt", headers);
    }

    private static void add(SortedSet<String> headers, String name, List<ConsumerRecord<byte[], byte[]>> records, String key) {
        records.stream().filter(record -> Arrays.equals(record.key(), OrderTraffic.key(key)))
                .flatMap(record -> Stream.of(record.headers().toArray())).map(Header::key)
                .forEach(header -> headers.add(name + ": " + header));
    }

    private void get(String path, Predicate<JsonNode> wanted) {
        seen.add("GET " + path, await().atMost(PATIENCE).until(() -> api.get(path), answer -> wanted.test(answer.body())));
    }

    private void post(String path, String body) {
        seen.add("POST " + path, api.post(path, body));
    }

    /** Whether it has what an answer is without while the broker is slow. */
    private static boolean isComplete(JsonNode stats) {
        JsonNode partitions = stats.get("partitions");
        return stats.get("group").isObject() && !partitions.isEmpty()
                && elements(partitions, partition -> partition.get("lag").isNull()).isEmpty();
    }

    /** Whether they have what a letter is without while the registry is slow. */
    private static boolean areRead(JsonNode letters) {
        return elements(letters, letter -> letter.at("/value/schemaId").isInt()
                && !letter.at("/value/schemaVersion").isInt()).isEmpty();
    }

    /** Whether there is nothing left to do either. */
    private static boolean isDone(JsonNode stats) {
        return isComplete(stats)
                && elements(stats.get("partitions"), partition -> partition.get("lag").asLong() > 0).isEmpty();
    }

    private static List<JsonNode> elements(JsonNode array, Predicate<JsonNode> wanted) {
        return StreamSupport.stream(array.spliterator(), false).filter(wanted).toList();
    }

    private String sendPoison() {
        String order = UUID.randomUUID().toString();
        handler.answer(order, () -> Uni.createFrom().failure(new PoisonOrderException(REASON)));
        traffic.send(order);
        return order;
    }

    private String coordinates(String key) {
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(key);
        return "{\"topic\":\"%s\",\"partition\":%d,\"offset\":%d}".formatted(letter.topic(), letter.partition(),
                letter.offset());
    }

    private ProducerRecord<byte[], byte[]> letter(String name, Map<String, String> headers, Header... others) {
        Stream<Header> own = headers.entrySet().stream()
                .map(header -> new RecordHeader("dead-letter-" + header.getKey(), OrderTraffic.key(header.getValue())));
        return new ProducerRecord<>(settings.dlqTopic(), 0, OrderTraffic.key(run + name), traffic.encode(run + name),
                Stream.concat(own, Stream.of(others)).toList());
    }

    private static String idWith(Kind kind) {
        return HalfFailing.orderWith(fault -> fault.kind() == kind);
    }

    /** About an entity of the same name. */
    private static String event(String id) {
        return Events.event("file-added", id, id).encode();
    }

    private String itemOrder(String quantity) {
        return "{\"order_id\":\"%s\",\"user\":\"dora\",\"item\":\"tea\",\"quantity\":%s}".formatted(run, quantity);
    }
}
