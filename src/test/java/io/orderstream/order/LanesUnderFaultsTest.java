package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** Nobody waits for somebody else's retry: a hundred orders that wait for a second take a second, not a hundred. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class LanesUnderFaultsTest extends OrderPipelineFixture {

    private static final int ORDERS = 2_000;
    private static final int ONE_IN = 20;
    private static final int FAILING = ORDERS / ONE_IN;
    /** The first, and twice as long before the third attempt. */
    private static final Duration BACKOFFS = Duration.ofMillis(3 * HalfFailing.BACKOFF_MILLIS);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TimedTest
    void shouldFinishTwoThousandOrdersWithBackoffsAndPoisonInUnderTenSeconds() {
        // Given
        String run = UUID.randomUUID().toString();
        List<String> ids = Stream.iterate(0, number -> number + 1).map(number -> run + "-" + number)
                .filter(id -> HalfFailing.FAULTS.of(id).kind() == Kind.NONE).limit(ORDERS).toList();
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
        await().atMost(PATIENCE).until(
                () -> since(before, "processed") + since(before, "deadLettered") == ORDERS);
        long end = System.nanoTime();

        // Then
        assertThat(Duration.ofNanos(end - start)).isGreaterThan(BACKOFFS);
        assertThat(since(before, "retries")).isEqualTo(2 * FAILING);
        assertThat(since(before, "deadLettered")).isEqualTo(FAILING);
        assertThat(since(before, "processed")).isEqualTo(ORDERS - FAILING);
        assertThat(topics.read(settings.dlqTopic())).hasSize(lettersBefore + FAILING);
        TooLate.check("two thousand orders", start, end, LIMIT);
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
