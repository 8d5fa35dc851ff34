package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.SmallDeadLetters;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** A dead letter the broker refuses for good: nothing is lost, and the operator is told. */
@Tag("full")
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(SmallDeadLetters.class)
class DeadLetterRefusedFullTest extends OrderPipelineFixture {

    @Test
    void shouldKeepTheOffsetAndGoDownWithTheReasonWhileOthersAreProcessed() {
        // Given
        String next = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        assertThat(app.get("/q/health/live").get("status").asText()).isEqualTo("UP");

        // When
        RecordMetadata refused = topics.send(settings.topic(), OrderTraffic.key("large"),
                new byte[SmallDeadLetters.MAX_BYTES * 2]);
        topics.send(List.of(new ProducerRecord<>(settings.topic(), refused.partition(), OrderTraffic.key(next),
                traffic.encode(next))));

        // Then
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(app.get("/q/health/live").get("status").asText()).isEqualTo("DOWN"));
        assertThat(app.get("/q/health/live").toString()).contains("dead letter of " + settings.topic() + "-"
                + refused.partition() + "-" + refused.offset() + " not written");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handler.callsFor(next)).hasSize(1));
        assertThat(app.stats().get("deadLettered").asLong()).isZero();
        assertThat(partition(app, refused.partition()).get("offset").asLong()).isEqualTo(refused.offset());
        assertThat(topics.read(settings.dlqTopic())).isEmpty();
    }

    private static JsonNode partition(OrderApp app, int number) {
        return StreamSupport.stream(app.stats().get("partitions").spliterator(), false)
                .filter(partition -> partition.get("partition").asInt() == number).findFirst().orElseThrow();
    }
}
