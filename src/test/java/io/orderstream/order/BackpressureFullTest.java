package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.orderstream.testsupport.KafkaAndRegistry;
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

    public static class Tight implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(Map.of("ORDERS_COUNT", "0", "ERROR_SIMULATION_RATE", "0",
                    "STUCK_AFTER", "1s", "MAX_BATCH_SIZE", "10", "SESSION_TIMEOUT", "6s"));
            settings.put("MAX_IN_FLIGHT", Integer.toString(MAX_IN_FLIGHT));
            settings.put("mp.messaging.incoming.orders-in.max.poll.interval.ms", Integer.toString(MAX_POLL_SECONDS * 1_000));
            return settings;
        }
    }

    @Test
    void shouldPauseWithoutLosingItsPartitionsWhileMaxInFlightOrdersAreInWork() {
        // Given
        List<String> ids = IntStream.range(0, ORDERS).mapToObj(number -> "full-" + number).toList();
        CompletableFuture<Void> room = new CompletableFuture<>();
        ids.forEach(id -> handler.answer(id, () -> Uni.createFrom().completionStage(room)));

        // When
        topics.send(ids.stream().map(id -> new ProducerRecord<>(settings.topic(), OrderTraffic.key(id), traffic.encode(id)))
                .toList());
        await().atMost(PATIENCE).until(() -> secondsStuck(app) > MAX_POLL_SECONDS);

        // Then
        assertThat(app.stats().get("received").asLong()).isEqualTo(MAX_IN_FLIGHT);
        assertThat(app.stats().get("partitions")).hasSize(6);
        room.complete(null);
        await().atMost(PATIENCE).until(() -> app.finished() == ORDERS);
        assertThat(ids).allSatisfy(id -> assertThat(handler.callsFor(id)).as("calls for %s", id).hasSize(1));
    }

    private static int secondsStuck(OrderApp app) {
        Matcher age = AGE.matcher(app.get("/q/health/ready").toString());
        return age.find() ? Integer.parseInt(age.group(1)) : 0;
    }
}
