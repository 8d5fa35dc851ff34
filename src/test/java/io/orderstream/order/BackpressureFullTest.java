package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.micrometer.core.instrument.MeterRegistry;
import io.orderstream.kafka.KafkaFutures;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.Lag;
import io.orderstream.testsupport.LogLines;
import io.orderstream.testsupport.OrderApp;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** Handlers that are full for longer than Kafka lets a consumer be silent: nothing piles up, and nothing is given away. */
@Tag("full")
@QuarkusTest
@TestProfile(BackpressureFullTest.Tight.class)
@WithTestResource(KafkaAndRegistry.class)
class BackpressureFullTest extends OrderPipelineFixture {

    private static final int MAX_IN_FLIGHT = 3;
    private static final int ORDERS = 2_000;
    private static final int MAX_POLL_SECONDS = 7;
    private static final Pattern AGE = Pattern.compile("age=(\\d+)s");

    @Inject
    MeterRegistry registry;

    @ConfigProperty(name = "mp.messaging.incoming.orders-in.group.id")
    String group;

    public static class Tight implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(Map.of("ORDERS_COUNT", "0", "ERROR_SIMULATION_RATE", "0",
                    "STUCK_AFTER", "1s", "MAX_BATCH_SIZE", "10", "SESSION_TIMEOUT", "6s"));
            settings.put("MAX_IN_FLIGHT", Integer.toString(MAX_IN_FLIGHT));
            // Little is read ahead: one batch of the producer at a time.
            settings.put("mp.messaging.incoming.orders-in.max.partition.fetch.bytes", "1");
            settings.put("mp.messaging.incoming.orders-in.max.poll.interval.ms", Integer.toString(MAX_POLL_SECONDS * 1_000));
            return settings;
        }
    }

    @Test
    void shouldPauseWithoutLosingItsPartitionsWhileMaxInFlightOrdersAreInWork() {
        // Given
        long before = app.finished();
        long received = app.stats().get("received").asLong();
        List<String> ids = IntStream.range(0, ORDERS).mapToObj(number -> "full-" + number).toList();
        CompletableFuture<Void> room = new CompletableFuture<>();
        ids.forEach(id -> handler.answer(id, () -> Uni.createFrom().completionStage(room)));

        // When
        topics.send(ids.stream().map(id -> new ProducerRecord<>(settings.topic(), OrderTraffic.key(id), traffic.encode(id)))
                .toList());
        await().atMost(PATIENCE).until(() -> secondsStuck(app) > MAX_POLL_SECONDS);

        // Then
        assertThat(app.stats().get("received").asLong()).isEqualTo(received + MAX_IN_FLIGHT);
        assertThat(app.stats().get("partitions")).hasSize(6);
        room.complete(null);
        await().atMost(PATIENCE).until(() -> app.finished() == before + ORDERS);
        assertThat(ids).allSatisfy(id -> assertThat(handler.callsFor(id)).as("calls for %s", id).hasSize(1));
    }

    @Test
    void shouldTellOfOrdersThatAreDeletedWhileTheyWait() {
        // Given
        TopicPartition partition = new TopicPartition(settings.topic(), 0);
        List<String> ids = IntStream.range(0, ORDERS).mapToObj(number -> "late-" + number).toList();
        CompletableFuture<Void> room = new CompletableFuture<>();
        ids.forEach(id -> handler.answer(id, () -> Uni.createFrom().completionStage(room)));
        long before = app.finished();
        LogLines log = new LogLines("io.orderstream.commit.LostRecords");
        topics.send(ids.stream().map(id -> new ProducerRecord<>(partition.topic(), 0, OrderTraffic.key(id), traffic.encode(id)))
                .toList());
        await().atMost(PATIENCE).until(() -> handler.callsFor(ids.get(0)).size() == 1);
        long end = topics.ends(partition.topic()).get(0);

        // When all but the last are deleted
        try (Admin admin = topics.admin()) {
            KafkaFutures.await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(end - 1))).all());
        }
        room.complete(null);

        // Then
        await().atMost(PATIENCE).until(() -> handler.callsFor(ids.get(ORDERS - 1)).size() == 1);
        await().atMost(PATIENCE).until(() -> topics.committed(group).get(0) == end);
        log.close();
        long handled = app.finished() - before;
        assertThat(log.lines()).singleElement().asString().matches("records lost, .*: topic=" + partition.topic()
                + " partition=0 from=\\d+ to=" + (end - 1) + " count=" + (ORDERS - handled));
        assertThat(registry.get("orderstream.records.lost").tags("pipeline", "orders", "topic", partition.topic()).counter()
                .count()).isEqualTo(ORDERS - handled).isPositive();
        assertThat(app.get("/q/health/ready").get("status").asText()).isEqualTo("UP");
    }

    @Test
    void shouldReadATopicThatIsMadeAnewFromItsBeginning() {
        // Given: more has been read than the new topic will have
        int partitions = topics.ends(settings.topic()).size();
        String old = "old-" + UUID.randomUUID();
        topics.send(Collections.nCopies(50, new ProducerRecord<>(settings.topic(), 0, OrderTraffic.key(old),
                traffic.encode(old))));
        await().atMost(PATIENCE).until(() -> handler.callsFor(old).size() == 50 && Lag.isNone(app.stats()));
        long before = app.finished();

        // When
        try (Admin admin = topics.admin()) {
            KafkaFutures.await(admin.deleteTopics(List.of(settings.topic())).all());
        }
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            topics.create(settings.topic(), partitions);
            return true;
        });
        List<String> ids = IntStream.range(0, 20).mapToObj(number -> "new-" + number).toList();
        topics.send(ids.stream().map(id -> new ProducerRecord<>(settings.topic(), 0, OrderTraffic.key(id), traffic.encode(id)))
                .toList());

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ids).allSatisfy(
                id -> assertThat(handler.callsFor(id)).as("calls for %s", id).hasSize(1)));
        await().atMost(PATIENCE).until(() -> topics.committed(group).getOrDefault(0, 0L) == ids.size());
        assertThat(app.finished()).as("the totals go on").isGreaterThanOrEqualTo(before + ids.size());
    }

    private static int secondsStuck(OrderApp app) {
        Matcher age = AGE.matcher(app.get("/q/health/ready").toString());
        return age.find() ? Integer.parseInt(age.group(1)) : 0;
    }
}
