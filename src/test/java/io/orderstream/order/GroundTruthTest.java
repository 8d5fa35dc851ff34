package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.schema.AvroEncoder;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OrderApp;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

/** Every order is counted or dead-lettered, exactly as its id says, to the cent. */
@QuarkusTest
@TestProfile(GroundTruthTest.QuickRetries.class)
@WithTestResource(KafkaAndRegistry.class)
class GroundTruthTest extends OrderPipelineFixture {

    private static final int ORDERS = 5_000;
    private static final int ATTEMPTS = 4;
    private static final long SEED = 20261121;
    private static final SimulatedFaults FAULTS = new SimulatedFaults(0.2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public static class QuickRetries implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("ORDERS_COUNT", "0", "RETRY_BACKOFF_SECONDS", "0.05", "ERROR_SIMULATION_RATE", "0.2",
                    "COMMIT_INTERVAL", "100ms");
        }
    }

    @Test
    void shouldCountEveryOrderOnceToTheCentOrDeadLetterIt() {
        // Given
        AvroEncoder<Order> encoder = format.encoder().await().atMost(PATIENCE);
        Random random = new Random(SEED);
        List<Order> orders = LongStream.range(0, ORDERS)
                .mapToObj(number -> Catalogue.order("truth-" + number, random)).toList();
        List<Order> processed = orders.stream().filter(order -> fault(order).isProcessedWithin(ATTEMPTS)).toList();
        long cents = processed.stream().mapToLong(Money::cents).sum();
        long retries = orders.stream().filter(order -> fault(order).kind() == Kind.TRANSIENT)
                .mapToLong(order -> Math.min(fault(order).failingAttempts(), ATTEMPTS - 1)).sum();

        // When
        topics.send(orders.stream().map(order -> new ProducerRecord<>(settings.topic(), key(order), encoder.encode(order)))
                .toList());

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.finished()).isEqualTo(ORDERS));
        JsonNode stats = app.stats();
        assertThat(stats.get("received").asLong()).isEqualTo(ORDERS);
        assertThat(stats.get("processed").asLong()).isEqualTo(processed.size());
        assertThat(stats.get("deadLettered").asLong()).isEqualTo(ORDERS - processed.size());
        assertThat(OrderApp.cents(stats.get("revenue"))).isEqualTo(cents);
        assertThat(stats.get("average").decimalValue()).isEqualByComparingTo(OrderApp.average(cents, processed.size()));
        assertThat(stats.get("retries").asLong()).isEqualTo(retries);
        assertThat(deadLetteredIds()).isEqualTo(orders.stream().filter(order -> !fault(order).isProcessedWithin(ATTEMPTS))
                .map(Order::getOrderId).collect(Collectors.toSet()));

        // And the commits of the whole group say the same
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode group = app.stats().get("group");
            assertThat(group.get("received").asLong()).isEqualTo(ORDERS);
            assertThat(group.get("processed").asLong()).isEqualTo(processed.size());
            assertThat(group.get("deadLettered").asLong()).isEqualTo(ORDERS - processed.size());
            assertThat(OrderApp.cents(group.get("revenue"))).isEqualTo(cents);
        });
        assertThat(app.stats().get("partitions")).hasSize(6)
                .allSatisfy(partition -> assertThat(partition.get("lag").asLong()).isZero());
        assertThat(app.stats().get("partitions").findValues("offset").stream().mapToLong(JsonNode::asLong).sum())
                .isEqualTo(ORDERS);
    }

    private Set<String> deadLetteredIds() {
        return topics.read(settings.dlqTopic()).stream().map(letter -> new String(letter.key(), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    private static SimulatedFaults.Fault fault(Order order) {
        return FAULTS.of(order.getOrderId());
    }

    private static byte[] key(Order order) {
        return order.getOrderId().getBytes(StandardCharsets.UTF_8);
    }
}
