package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.inject.Inject;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.schema.RegistryClient;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.Lag;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.RegistryControl;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** The registry's outage is not the records' fault. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class RegistryOutageTest {

    private static final int RECORDS = 20;

    /** An older producer's: price is a double, a field has come and gone, and the namespace is another. */
    private static final Schema OTHER_WRITER = SchemaBuilder.record("Order").namespace("com.shop").fields()
            .requiredString("order_id").requiredString("product").requiredDouble("price").requiredInt("quantity").endRecord();

    TopicClient topics;
    RegistryControl registry;

    @TestHTTPResource
    String url;

    @Inject
    OrderSettings settings;

    @Inject
    RegistryClient client;

    @Test
    void shouldGiveUpNoRecordWhileTheRegistryIsDownAndProcessAllWhenItIsBack() throws IOException {
        // Given
        OrderApp app = new OrderApp(url);
        int id = client.register("shop-value", OTHER_WRITER).await().atMost(PATIENCE);
        // Orders of the tests before may still be on their way or in work.
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode stats = app.stats();
            assertThat(Lag.isNone(stats)).isTrue();
            assertThat(app.finished()).isGreaterThanOrEqualTo(stats.get("received").asLong());
        });
        JsonNode before = app.stats();
        int lettersBefore = topics.read(settings.dlqTopic()).size();
        int port = URI.create(registry.url()).getPort();
        registry.stop();
        AtomicInteger requests = new AtomicInteger();
        HttpServer down = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        down.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        down.start();

        // When
        for (int i = 0; i < RECORDS; i++) {
            String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
            topics.send(settings.topic(), orderId.getBytes(StandardCharsets.UTF_8), frame(id, orderId));
        }

        // Then
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(app.stats().get("received").asInt()).isEqualTo(before.get("received").asInt() + RECORDS));
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).untilAsserted(
                () -> assertThat(app.stats().get("processed")).isEqualTo(before.get("processed")));
        assertThat(topics.read(settings.dlqTopic())).hasSize(lettersBefore);

        // Backed off: without a pause it is hundreds a second.
        await().atMost(PATIENCE).until(() -> requests.get() >= 2);
        assertThat(requests.get()).isLessThanOrEqualTo(RECORDS * 10);

        // And when
        down.stop(0);
        registry.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(app.stats().get("processed").asInt()).isEqualTo(before.get("processed").asInt() + RECORDS));
        assertThat(OrderApp.cents(app.stats().get("revenue")) - OrderApp.cents(before.get("revenue")))
                .isEqualTo(RECORDS * 1234);
        assertThat(topics.read(settings.dlqTopic())).hasSize(lettersBefore);
    }

    private static byte[] frame(int id, String orderId) throws IOException {
        GenericData.Record order = new GenericData.Record(OTHER_WRITER);
        order.put("order_id", orderId);
        order.put("product", "Laptop " + UUID.randomUUID());
        order.put("price", 12.34);
        order.put("quantity", 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(ByteBuffer.allocate(4).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<>(OTHER_WRITER).write(order, encoder);
        return out.toByteArray();
    }
}
