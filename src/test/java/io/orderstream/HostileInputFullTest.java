package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.event.EventSettings;
import io.orderstream.event.Events;
import io.orderstream.order.OrderFormat;
import io.orderstream.order.OrderSettings;
import io.orderstream.order.OrderTraffic;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.Lag;
import io.orderstream.testsupport.TopicClient;
import io.orderstream.tracker.TrackerSettings;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/**
 * Whatever comes, by the topics or over HTTP, each of the three pipelines goes on: what it has received is
 * processed or dead-lettered, its offsets are committed, and a good record that comes afterwards is processed. Each
 * body is accepted or refused with a reason.
 * <p>
 * {@code -Dhostile.records=1000000} sends so many; {@code -Dhostile.seed=} repeats a run whose seed was printed.
 */
@Tag("full")
@QuarkusTest
@TestProfile(HostileInputFullTest.NoFaults.class)
@WithTestResource(HostileInputFullTest.OwnKafkaAndRegistry.class)
class HostileInputFullTest {

    /** Other tests look through their topics: those of these records are shared with none. */
    public static class OwnKafkaAndRegistry extends KafkaAndRegistry {
    }

    /** Many records have the same key: with simulated faults they would wait for each other's retries for minutes. */
    public static class NoFaults extends HalfFailing {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.putAll(Map.of("ERROR_SIMULATION_RATE", "0", "EVENTS_ERROR_RATE", "0"));
            return settings;
        }
    }

    private static final int RECORDS = Integer.getInteger("hostile.records", 10_000);
    private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());
    private static final int LARGEST_BATCH = 20_000;
    private static final int BATCHES = 10;
    /** One body for so many records. */
    private static final int BODY_EACH = 10;
    private static final int PARTITIONS = 6;

    private static final List<String> CONTENT_TYPES = List.of("application/json", "application/json", "application/json",
            "application/json; charset=utf-8", "application/json;charset=UTF-16", "APPLICATION/JSON", "text/plain",
            "application/octet-stream", "application/xml; charset=none", "*/*", "application/*");

    /** From the test resource. */
    TopicClient topics;

    @TestHTTPResource
    String url;

    @Inject
    OrderSettings orders;

    @Inject
    OrderFormat format;

    @Inject
    EventSettings events;

    @Inject
    TrackerSettings itemOrders;

    private final Random random = new Random(SEED);
    private final HostileInput hostile = new HostileInput(random);
    private final Map<String, Long> sent = new HashMap<>();
    private final Map<String, String> topicOf = new HashMap<>();
    private ApiClient api;
    private OrderTraffic traffic;

    @BeforeEach
    void connect() {
        api = new ApiClient(url);
        traffic = new OrderTraffic(topics, orders, format);
        topicOf.putAll(Map.of("orders", orders.topic(), "events", events.topic(), "item-orders", itemOrders.topic()));
        topicOf.keySet().forEach(pipeline -> {
            awaitAllDone(pipeline);
            sent.put(pipeline, count(stats(pipeline), "received"));
        });
    }

    @Test
    @Timeout(36_000)
    void shouldGoOnInEveryPipelineWhateverIsSent() {
        System.getLogger(HostileInputFullTest.class.getName()).log(System.Logger.Level.WARNING,
                "hostile input: seed=" + SEED + " records=" + RECORDS);
        int batch = Math.min(LARGEST_BATCH, Math.max(1, RECORDS / BATCHES));
        for (int number = 0; number < RECORDS; number += batch) {
            // When
            sendRecords(batch);
            IntStream.range(0, batch / BODY_EACH).forEach(body -> sendBody());

            // Then
            topicOf.keySet().forEach(this::awaitAllDone);
            topicOf.keySet().forEach(this::assertGoodRecordsAreProcessed);
        }
        // And what is left of them can be looked at
        Stream.of("/api/dead-letters?limit=1000", "/api/dead-letters?limit=1000&shape=record", "/api/dead-letters/summary",
                "/api/orders/stats", "/api/events/stats", "/api/tracker/stats?limit=100")
                .forEach(path -> assertThat(api.get(path).status()).as("seed %d: %s", SEED, path).isEqualTo(200));
    }

    private void sendRecords(int count) {
        byte[] frame = traffic.encode("order-" + random.nextInt());
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            switch (number % topicOf.size()) {
                case 0 -> records.add(hostile.record(orders.topic(), hostile.frame(frame)));
                case 1 -> records.add(hostile.record(events.topic(), hostile.json()));
                default -> records.add(hostile.record(itemOrders.topic(), hostile.json()));
            }
        }
        topics.send(records);
        topicOf.forEach((pipeline, topic) -> count(pipeline, records.stream().filter(record -> record.topic().equals(topic))
                .count()));
    }

    private void sendBody() {
        boolean isEvent = random.nextBoolean();
        byte[] body = hostile.json();
        String type = CONTENT_TYPES.get(random.nextInt(CONTENT_TYPES.size()));

        Answer answer = api.post(isEvent ? "/api/events" : "/api/item-orders", body, type);

        assertThat(answer.status())
                .as("seed %d: answer %s to %s of %s", SEED, answer, Base64.getEncoder().encodeToString(body), type)
                .isIn(202, 400, 413, 415);
        if (answer.status() == 400) {
            assertThat(answer.body().toString()).as("seed %d: reason", SEED).contains("violations");
        }
        count(isEvent ? "events" : "item-orders", answer.status() == 202 ? 1 : 0);
    }

    private void count(String pipeline, long records) {
        sent.merge(pipeline, records, Long::sum);
    }

    /** All that was sent has been received, and is at its end, and its offsets are committed. */
    private void awaitAllDone(String pipeline) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode stats = stats(pipeline);
            assertThat(Lag.isNone(stats)).as("seed %d: no lag in %s", SEED, stats).isTrue();
            assertThat(count(stats, "processed") + count(stats, "deadLettered"))
                    .as("seed %d: finished of %s", SEED, pipeline).isEqualTo(count(stats, "received"))
                    .isGreaterThanOrEqualTo(sent.getOrDefault(pipeline, 0L));
        });
        sent.computeIfPresent(pipeline, (name, count) -> {
            assertThat(count(stats(pipeline), "received")).as("seed %d: received of %s", SEED, pipeline).isEqualTo(count);
            return count;
        });
    }

    /** One in each partition. */
    private void assertGoodRecordsAreProcessed(String pipeline) {
        long before = count(stats(pipeline), "processed");
        topics.send(IntStream.range(0, PARTITIONS)
                .mapToObj(
                        partition -> new ProducerRecord<byte[], byte[]>(topicOf.get(pipeline), partition, null, good(pipeline)))
                .toList());
        count(pipeline, PARTITIONS);
        awaitAllDone(pipeline);
        assertThat(count(stats(pipeline), "processed")).as("seed %d: processed of %s", SEED, pipeline)
                .isEqualTo(before + PARTITIONS);
    }

    private byte[] good(String pipeline) {
        String id = UUID.randomUUID().toString();
        return switch (pipeline) {
            case "orders" -> traffic.encode(id);
            case "events" -> Events.bytes(Events.event("file-added", id, "entity-" + id));
            default -> "{\"order_id\":\"%s\",\"user\":\"u\",\"item\":\"i\",\"quantity\":1}".formatted(id)
                    .getBytes(StandardCharsets.UTF_8);
        };
    }

    private static long count(JsonNode stats, String name) {
        return stats.get("totals").get(name).asLong();
    }

    private JsonNode stats(String pipeline) {
        return api.get("/api/pipelines/" + pipeline + "/stats").body();
    }
}
