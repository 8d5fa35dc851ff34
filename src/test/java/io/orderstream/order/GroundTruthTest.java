package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
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
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OrderApp;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Every order is counted or dead-lettered, exactly as its id says, to the cent. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class GroundTruthTest extends OrderPipelineFixture {

    private static final String PREFIX = "truth-";
    private static final int ORDERS = 5_000;
    private static final int ATTEMPTS = 4;
    private static final long SEED = 20261121;

    @Test
    void shouldCountEveryOrderOnceToTheCentOrDeadLetterIt() {
        // Given
        AvroEncoder<Order> encoder = format.encoder().await().atMost(PATIENCE);
        Random random = new Random(SEED);
        List<Order> orders = LongStream.range(0, ORDERS)
                .mapToObj(number -> Catalogue.order(PREFIX + number, random)).toList();
        List<Order> processed = orders.stream().filter(order -> fault(order).isProcessedWithin(ATTEMPTS)).toList();
        long cents = processed.stream().mapToLong(Money::cents).sum();
        long retries = orders.stream().filter(order -> fault(order).kind() == Kind.TRANSIENT)
                .mapToLong(order -> Math.min(fault(order).failingAttempts(), ATTEMPTS - 1)).sum();

        JsonNode before = app.stats();

        // When
        topics.send(orders.stream().map(order -> new ProducerRecord<>(settings.topic(), key(order), encoder.encode(order)))
                .toList());

        // Then
        await().atMost(PATIENCE).until(() -> since(before, "processed") + since(before, "deadLettered") == ORDERS);
        JsonNode stats = app.stats();
        long count = stats.get("processed").asLong();
        assertThat(since(before, "received")).isEqualTo(ORDERS);
        assertThat(since(before, "processed")).isEqualTo(processed.size());
        assertThat(OrderApp.cents(stats.get("revenue")) - OrderApp.cents(before.get("revenue"))).isEqualTo(cents);
        assertThat(stats.get("average").decimalValue())
                .isEqualByComparingTo(OrderApp.average(OrderApp.cents(stats.get("revenue")), count));
        assertThat(since(before, "retries")).isEqualTo(retries);
        assertThat(deadLetteredIds()).isEqualTo(orders.stream().filter(order -> !fault(order).isProcessedWithin(ATTEMPTS))
                .map(Order::getOrderId).collect(Collectors.toSet()));

        // And the commits of the whole group say the same
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode group = app.stats().get("group");
            for (String total : List.of("received", "processed", "deadLettered", "revenue", "average")) {
                assertThat(group.get(total)).as(total).isEqualTo(stats.get(total));
            }
        });
        assertThat(app.stats().get("partitions")).hasSize(6)
                .allSatisfy(partition -> assertThat(partition.get("lag").asLong()).isZero());
    }

    private long since(JsonNode before, String count) {
        return app.stats().get(count).asLong() - before.get(count).asLong();
    }

    private Set<String> deadLetteredIds() {
        return topics.read(settings.dlqTopic()).stream().map(letter -> new String(letter.key(), StandardCharsets.UTF_8))
                .filter(id -> id.startsWith(PREFIX)).collect(Collectors.toSet());
    }

    private static SimulatedFaults.Fault fault(Order order) {
        return HalfFailing.FAULTS.of(order.getOrderId());
    }

    private static byte[] key(Order order) {
        return order.getOrderId().getBytes(StandardCharsets.UTF_8);
    }
}
