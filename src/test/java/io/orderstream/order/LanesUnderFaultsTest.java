package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.ProducerRecord;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** Nobody waits for somebody else's retry: a hundred back-offs of three seconds take three seconds, not three hundred. */
@QuarkusTest
@TestProfile(LanesUnderFaultsTest.DefaultSettings.class)
@WithTestResource(KafkaAndRegistry.class)
class LanesUnderFaultsTest extends OrderPipelineFixture {

    private static final int ORDERS = 2_000;
    private static final int ONE_IN = 20;
    private static final int FAILING = ORDERS / ONE_IN;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    public static class DefaultSettings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("ORDERS_COUNT", "0", "ERROR_SIMULATION_RATE", "0");
        }
    }

    @TimedTest
    void shouldFinishTwoThousandOrdersWithBackoffsAndPoisonInUnderTenSeconds() {
        // Given
        String run = UUID.randomUUID().toString();
        List<String> ids = IntStream.range(0, ORDERS).mapToObj(number -> run + "-" + number).toList();
        JsonNode before = app.stats();
        int lettersBefore = topics.read(settings.dlqTopic()).size();
        for (int number = 0; number < ORDERS; number += ONE_IN) {
            String poison = ids.get(number + 1);
            handler.answer(ids.get(number), failingTwice());
            handler.answer(poison, () -> Uni.createFrom().failure(new PoisonOrderException(poison)));
        }
        List<ProducerRecord<byte[], byte[]>> orders = ids.stream()
                .map(id -> new ProducerRecord<>(settings.topic(), OrderTraffic.key(id), traffic.encode(id))).toList();

        // When
        long start = System.nanoTime();
        topics.send(orders);
        await().atMost(OrderTraffic.PATIENCE).until(
                () -> since(before, "processed") + since(before, "deadLettered") == ORDERS);
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        // Then
        assertThat(took).isGreaterThan(Duration.ofSeconds(3));
        assertThat(since(before, "retries")).isEqualTo(2 * FAILING);
        assertThat(since(before, "deadLettered")).isEqualTo(FAILING);
        assertThat(since(before, "processed")).isEqualTo(ORDERS - FAILING);
        assertThat(topics.read(settings.dlqTopic())).hasSize(lettersBefore + FAILING);
        TooLate.check("two thousand orders", took, LIMIT);
    }

    private long since(JsonNode before, String count) {
        return app.stats().get(count).asLong() - before.get(count).asLong();
    }

    private static Supplier<Uni<Void>> failingTwice() {
        AtomicInteger calls = new AtomicInteger();
        return () -> calls.incrementAndGet() <= 2 ? Uni.createFrom().failure(new IllegalStateException("not yet"))
                : Uni.createFrom().voidItem();
    }
}
