package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.StreamSupport;

import jakarta.inject.Inject;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.record.UnavailableException;
import io.orderstream.schema.Frames;
import io.orderstream.schema.RegistryClient;
import io.orderstream.stream.StatusStream;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.LogLines;
import io.orderstream.testsupport.RegistryControl;
import io.orderstream.testsupport.TestRun;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** An outage shows wherever one looks, under the name of its cause; it is no reason for a restart, and gone when it is over. */
@Tag("full")
@QuarkusTest
@TestProfile(StuckPartitionFullTest.SoonStuck.class)
@WithTestResource(KafkaAndRegistry.class)
class OutageStatusFullTest extends OrderPipelineFixture {

    private static final Schema UNKNOWN = SchemaBuilder.record("Order").namespace("com.shop").fields()
            .requiredString("order_id").requiredString("product").requiredDouble("price").requiredInt("weight").endRecord();

    private final LogLines log = new LogLines(StatusStream.class);

    RegistryControl registry;

    @Inject
    RegistryClient client;

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void shouldShowAnOutageOfTheRegistryWhileItLasts() throws IOException, InterruptedException {
        // Given
        int id = client.register("shop-value", UNKNOWN).await().atMost(PATIENCE);
        String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        byte[] order = Frames.frame(id, UNKNOWN, new GenericRecordBuilder(UNKNOWN).set("order_id", orderId)
                .set("product", "Laptop").set("price", 10.0).set("weight", 1).build());
        Instant before = Instant.now();
        try (EventStream stream = new EventStream(url)) {
            await().atMost(PATIENCE).until(() -> !stream.events("stats").isEmpty());

            // When
            registry.stop();
            RecordMetadata at = topics.send(settings.topic(), OrderTraffic.key(orderId), order);

            // Then
            JsonNode outage = awaitOutage("registry");
            assertThat(Instant.parse(outage.get("since").asText())).isBetween(before, Instant.now());
            assertThat(outage.get("reason").asText()).contains("Connection refused");
            assertThatHealthIsUpThoughItIsLongerThanStuckAfter("registry", outage, at);
            assertThat(metric("orderstream_outage", "registry")).isOne();
            assertThat(metric("orderstream_outage", "dependency")).isZero();
            assertThat(metric("orderstream_outage_seconds_total", "registry")).isGreaterThan(1);
            await().atMost(PATIENCE).until(() -> !outagesIn(stream).isEmpty());
            assertThatOutagesAre(stream, outage, true);
            try (EventStream late = new EventStream(url)) {
                await().atMost(PATIENCE).until(() -> !late.events("stats").isEmpty());
                assertThat(late.events()).extracting(EventStream.Event::name).startsWith("outage", "stats");
                assertThatOutagesAre(late, outage, true);
            }

            // And when
            registry.start();

            // Then
            awaitNoOutage();
            await().atMost(PATIENCE).until(() -> outagesIn(stream).size() == 2);
            assertThatOutagesAre(stream, outage, true, false);
            assertThat(metric("orderstream_outage", "registry")).isZero();
            assertThat(metric("orderstream_outage_seconds_total", "registry")).isGreaterThan(1);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(handler.callsFor(orderId)).hasSize(1));
        }
    }

    @Test
    void shouldTakeAnOrderForStuckOnlyWhenThereIsNoOutage() {
        // Given
        String waiting = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        AtomicBoolean isAway = new AtomicBoolean(true);
        handler.answer(waiting, () -> isAway.get()
                ? Uni.createFrom().failure(new UnavailableException("the warehouse is away", Duration.ofMillis(300)))
                : Uni.createFrom().voidItem());

        // When
        RecordMetadata at = traffic.send(waiting);

        // Then
        JsonNode outage = awaitOutage("dependency");
        assertThat(outage.get("reason").asText()).isEqualTo("the warehouse is away");
        assertThatHealthIsUpThoughItIsLongerThanStuckAfter("dependency", outage, at);
        isAway.set(false);
        awaitNoOutage();

        // And when
        String stuck = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        CompletableFuture<Void> end = new CompletableFuture<>();
        handler.answer(stuck, () -> Uni.createFrom().completionStage(end));
        traffic.send(stuck);

        // Then
        await().atMost(PATIENCE).until(() -> check("partitions").get("status").asText().equals("DOWN"));
        assertThat(app.get("/q/health/ready").get("status").asText()).isEqualTo("DOWN");
        assertThat(check("outages").has("data")).isFalse();
        end.complete(null);
        await().atMost(PATIENCE).until(() -> app.get("/q/health/ready").get("status").asText().equals("UP"));
    }

    @TimedTest
    void shouldStreamTheStatisticsEachSecondAndForgetAClientThatGoesAway() {
        try (EventStream other = new EventStream(url)) {
            // When
            try (EventStream stream = new EventStream(url)) {
                await().atMost(PATIENCE).until(() -> stream.events("stats").size() >= 4);

                // Then
                List<EventStream.Event> events = stream.events("stats");
                long begin = events.get(1).atNanos();
                long end = events.get(3).atNanos();
                Duration took = Duration.ofNanos(end - begin);
                Duration least = Duration.ofMillis(1500);
                if (took.compareTo(least) < 0 && hasStoodStill(events.get(0).atNanos(), end)) {
                    throw new TooLate("the first of two came so late that it took only " + took);
                }
                assertThat(took).isGreaterThanOrEqualTo(least);
                TooLate.check("two seconds of the stream", begin, end, Duration.ofMillis(3500));
                assertThat(events.get(3).data().fieldNames()).toIterable()
                        .containsExactlyElementsOf(() -> app.stats().fieldNames());
                assertThat(events.get(3).data().get("partitions")).hasSize(6);
            }
            await().atMost(PATIENCE).until(() -> log.lines().contains("stream client left: clients=1"));
            int before = other.events("stats").size();
            await().atMost(PATIENCE).until(() -> other.events("stats").size() > before);
        }
        await().atMost(PATIENCE).until(() -> log.lines().contains("stream client left: clients=0"));
    }

    private static boolean hasStoodStill(long begin, long end) {
        Duration noticeable = Duration.ofMillis(500);
        return TestRun.lost(begin, end, noticeable).compareTo(noticeable) >= 0;
    }

    @Test
    void shouldHaveNoHealthChecksButItsOwn() {
        assertThat(app.get("/q/health").get("checks")).extracting(check -> check.get("name").asText())
                .containsExactlyInAnyOrder("orderstream started", "kafka broker", "partitions", "outages",
                        "consumers", "readers", "dead letters", "progress", "rights");
    }

    /** The outage the statistics tell of, which must be the only one. */
    private JsonNode awaitOutage(String cause) {
        await().atMost(PATIENCE).until(() -> !outages().isEmpty());
        List<JsonNode> outages = outages();
        assertThat(outages).hasSize(1);
        assertThat(outages.get(0).fieldNames()).toIterable().containsExactly("pipeline", "cause", "since", "reason");
        assertThat(outages.get(0).get("pipeline").asText()).isEqualTo("orders");
        assertThat(outages.get(0).get("cause").asText()).isEqualTo(cause);
        return outages.get(0);
    }

    /** A machine that stands still looks like a broker that is away: those outages are another test's. */
    private static boolean isAnothers(JsonNode outage) {
        return outage.get("cause").asText().equals("broker");
    }

    private List<JsonNode> outages() {
        return StreamSupport.stream(app.stats().get("outages").spliterator(), false)
                .filter(outage -> !isAnothers(outage)).toList();
    }

    private static List<JsonNode> outagesIn(EventStream stream) {
        return stream.events("outage").stream().map(EventStream.Event::data).filter(outage -> !isAnothers(outage)).toList();
    }

    private void awaitNoOutage() {
        await().atMost(PATIENCE).until(() -> app.stats().get("outages").isEmpty());
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(check("outages")).hasToString("{\"name\":\"outages\",\"status\":\"UP\"}"));
    }

    private void assertThatHealthIsUpThoughItIsLongerThanStuckAfter(String cause, JsonNode outage, RecordMetadata waiting) {
        String partition = waiting.topic() + "-" + waiting.partition();
        await().atMost(PATIENCE).until(() -> check("partitions").get("data").has(partition));
        JsonNode data = check("partitions").get("data");
        assertThat(data.get(partition).asText()).contains("offset=" + waiting.offset());
        assertThat(data.get("excuse").asText())
                .isEqualTo("there is an outage, or one has ended less than 1s ago");
        String since = "pipeline=orders cause=" + cause + " since=" + outage.get("since").asText();
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(check("outages").get("data").get("orders " + cause).asText())
                        .matches("\\Q" + since + "\\E seconds=[1-9]\\d* .*")
                        .endsWith(" reason=\"" + outage.get("reason").asText() + "\""));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(app.get("/q/health").get("status").asText()).isEqualTo("UP"));
    }

    private JsonNode check(String name) {
        return StreamSupport.stream(app.get("/q/health/ready").get("checks").spliterator(), false)
                .filter(check -> check.get("name").asText().equals(name)).findFirst().orElseThrow();
    }

    private static void assertThatOutagesAre(EventStream stream, JsonNode outage, Boolean... active) {
        assertThat(outagesIn(stream)).extracting(event -> event.get("active").asBoolean()).containsExactly(active);
        assertThat(outagesIn(stream)).allSatisfy(event -> assertThat(outage.fieldNames()).toIterable()
                .allSatisfy(field -> assertThat(event.get(field)).isEqualTo(outage.get(field))));
    }

    private double metric(String name, String cause) throws IOException, InterruptedException {
        String metrics = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(url).resolve("/q/metrics")).build(),
                BodyHandlers.ofString()).body();
        return metrics.lines().filter(line -> line.startsWith(name + "{") && line.contains("cause=\"" + cause + "\"")
                && line.contains("pipeline=\"orders\"")).map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst().orElseThrow();
    }
}
