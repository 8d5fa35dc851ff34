package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OrderApp;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** A record that does not end shows in health, stops nobody else, and is forgotten as soon as it ends. */
@Tag("full")
@QuarkusTest
@TestProfile(StuckPartitionFullTest.SoonStuck.class)
@WithTestResource(KafkaAndRegistry.class)
class StuckPartitionFullTest extends OrderPipelineFixture {

    public static class SoonStuck extends HalfFailing {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.put("STUCK_AFTER", "1s");
            return settings;
        }
    }

    @Test
    void shouldShowAStuckPartitionInHealthAndHealByItself() {
        // Given
        String stuck = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        long before = app.finished();
        CompletableFuture<Void> end = new CompletableFuture<>();
        handler.answer(stuck, () -> Uni.createFrom().completionStage(end));

        // When
        RecordMetadata at = traffic.send(stuck);
        String name = settings.topic() + "-" + at.partition();
        await().atMost(PATIENCE).until(() -> partitions(app).path("data").has(name)
                && !partitions(app).get("status").asText().equals("UP"));

        // Then
        assertThat(partitions(app).get("data").get(name).asText()).matches("topic=" + settings.topic() + " partition="
                + at.partition() + " offset=" + at.offset() + " age=[1-9]\\d*s inWork=1");
        assertThat(app.get("/q/health/live").get("status").asText()).isEqualTo("UP");
        String other = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        topics.send(settings.topic(), OrderTraffic.key(other), traffic.encode(other));
        await().atMost(PATIENCE).until(() -> app.finished() == before + 1);

        // And it heals
        end.complete(null);
        await().atMost(PATIENCE).until(() -> app.finished() == before + 2);
        await().atMost(PATIENCE).until(() -> partitions(app).get("status").asText().equals("UP"));
        assertThat(partitions(app).get("data").has(name)).isFalse();
        assertThat(app.finished()).isEqualTo(before + 2);
    }

    private static JsonNode partitions(OrderApp app) {
        return StreamSupport.stream(app.get("/q/health/ready").get("checks").spliterator(), false)
                .filter(check -> check.get("name").asText().equals("partitions")).findFirst().orElseThrow();
    }
}
