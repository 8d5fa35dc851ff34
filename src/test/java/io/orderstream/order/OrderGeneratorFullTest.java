package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.event.Events;
import io.orderstream.schema.AvroDecoder;
import io.orderstream.schema.Frames;
import io.orderstream.schema.Schemas;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.OutgoingInterceptor;

/** The bounded run people know from the scripts, and how its producers are set. */
@Tag("full")
@QuarkusTest
@TestProfile(OrderGeneratorFullTest.BoundedRun.class)
@WithTestResource(KafkaAndRegistry.class)
class OrderGeneratorFullTest {

    /** Each of the three outgoing channels has one with its first record, and the dead letters of each of the four incoming. */
    private static final int PRODUCERS = 7;
    private static final int COUNT = 20;
    private static final long FIRST = 1001;

    public static class BoundedRun implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("ORDERS_COUNT", Integer.toString(COUNT), "ORDERS_ID_START", Long.toString(FIRST),
                    "ORDERS_INTERVAL", "0", "ERROR_SIMULATION_RATE", "0");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Messages.class);
        }
    }

    /** Counts the orders that go through the channel as messages. */
    @Alternative
    @ApplicationScoped
    @Identifier("orders-out")
    public static class Messages implements OutgoingInterceptor {
        private final AtomicInteger sent = new AtomicInteger();

        @Override
        public Message<?> beforeMessageSend(Message<?> message) {
            sent.incrementAndGet();
            return message;
        }

        @Override
        public void onMessageAck(Message<?> message) {
            // nothing to do
        }

        @Override
        public void onMessageNack(Message<?> message, Throwable failure) {
            // nothing to do
        }

        int sent() {
            return sent.get();
        }
    }

    /** Sees every Kafka producer SmallRye makes, that of the dead letters included. */
    @ApplicationScoped
    public static class Producers {
        private final List<Producer<?, ?>> made = new CopyOnWriteArrayList<>();

        void made(@Observes Producer<?, ?> producer) {
            made.add(producer);
        }

        List<Producer<?, ?>> made() {
            return made;
        }
    }

    TopicClient topics;

    @TestHTTPResource
    String url;

    @Inject
    OrderSettings settings;

    @Inject
    Schemas schemas;

    @Inject
    Producers producers;

    @Inject
    @Identifier("orders-out")
    Messages messages;

    @Test
    void shouldGenerateTheNumberOfOrdersSetAndThenKeepRunning() {
        // Given
        OrderApp app = new OrderApp(url);

        // When
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.finished()).isEqualTo(COUNT));

        // Then
        List<ConsumerRecord<byte[], byte[]>> records = topics.read(settings.topic());
        assertThat(records).extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrderElementsOf(LongStream.range(FIRST, FIRST + COUNT).mapToObj(Long::toString).toList());
        AvroDecoder<Order> decoder = new AvroDecoder<>(schemas, Order.class, Frames.UNADAPTED);
        long cents = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Order order = decoder.tryDecode(record.value());
            assertThat(order.getOrderId()).isEqualTo(new String(record.key(), StandardCharsets.UTF_8));
            cents += Money.cents(order);
        }
        JsonNode stats = app.stats();
        assertThat(OrderApp.cents(stats.get("revenue"))).isEqualTo(cents);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(app.get("/q/health").get("status").asText()).isEqualTo("UP"));
    }

    @Test
    void shouldWriteOrdersThatAreDueAtOnceWithOneMessage() {
        // When
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(new OrderApp(url).finished()).isEqualTo(COUNT));

        // Then
        assertThat(messages.sent()).isOne();
    }

    @Test
    void shouldHaveEveryProducerConfirmedByAllReplicasAndIdempotent() throws ReflectiveOperationException {
        // Given
        ApiClient api = new ApiClient(url);
        assertThat(api.post("/api/events", Events.event("file-added", "an-id", "a-file").encode()).status()).isEqualTo(202);
        assertThat(
                api.post("/api/item-orders", "{\"order_id\":\"1\",\"user\":\"dora\",\"item\":\"tea\",\"quantity\":1}").status())
                .isEqualTo(202);
        await().atMost(PATIENCE).until(() -> producers.made().size() >= PRODUCERS);

        for (Producer<?, ?> producer : producers.made()) {
            // When
            var field = producer.getClass().getDeclaredField("producerConfig");
            field.setAccessible(true);
            var config = (ProducerConfig) field.get(producer);

            // Then
            assertThat(config.getString("acks")).as(config.getString("client.id")).isEqualTo("-1");
            assertThat(config.getBoolean("enable.idempotence")).as(config.getString("client.id")).isTrue();
        }
        assertThat(producers.made()).hasSize(PRODUCERS);
    }
}
