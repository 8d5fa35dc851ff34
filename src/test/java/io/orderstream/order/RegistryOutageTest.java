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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.schema.RegistryClient;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.HostileRegistry;
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
    private static final int MADE_UP = 400;

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

    @Inject
    OrderFormat format;

    @Inject
    RecordingOrderHandler handler;

    @ConfigProperty(name = "orderstream.registry.unknown-after")
    Duration unknownAfter;

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

    @Test
    void shouldGiveUpNoRecordWhileTheRegistryIsEmpty() throws IOException {
        // Given: a schema that nobody has asked for yet
        OrderApp app = new OrderApp(url);
        Schema writer = writer("emptied");
        int id = client.register("emptied-value", writer).await().atMost(PATIENCE);
        String known = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        topics.send(settings.topic(), key(known), traffic(known));
        await().atMost(PATIENCE).until(() -> handler.callsFor(known).size() == 1);
        registry.stop();
        registry.startEmpty();
        String waiting = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        String other = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);

        // When
        topics.send(settings.topic(), key(waiting), frame(writer, id, waiting));
        topics.send(settings.topic(), key(other), traffic(other));

        // Then: for longer than an id may be unknown
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.stats().get("outages").toString())
                .contains("registry", "the schema registry has lost schemas"));
        await().during(unknownAfter.multipliedBy(3)).atMost(PATIENCE)
                .until(() -> app.stats().get("outages").toString().contains("registry"));
        assertThat(handler.callsFor(other)).as("one of a schema that is known").hasSize(1);
        assertThat(letters(waiting)).isEmpty();

        // And when
        registry.stop();
        registry.start();

        // Then
        await().atMost(PATIENCE).until(() -> handler.callsFor(waiting).size() == 1);
        await().atMost(PATIENCE).until(() -> app.stats().get("outages").isEmpty());
        assertThat(letters(waiting)).isEmpty();
    }

    @Test
    void shouldGiveUpRecordsWithMadeUpIdsAndGoOnWithAllOthers() throws IOException {
        // Given: more than may be in work at the same time
        OrderApp app = new OrderApp(url);
        List<String> madeUp = IntStream.range(0, MADE_UP).mapToObj(i -> "made-up-" + UUID.randomUUID()).toList();
        List<String> good = Stream.generate(() -> HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE)).limit(RECORDS)
                .toList();

        // When
        for (int i = 0; i < MADE_UP; i++) {
            topics.send(settings.topic(), key(madeUp.get(i)), frame(OTHER_WRITER, 1_000_000 + i, madeUp.get(i)));
            if (i % (MADE_UP / RECORDS) == 0) {
                String orderId = good.get(i / (MADE_UP / RECORDS));
                topics.send(settings.topic(), key(orderId), traffic(orderId));
            }
        }

        // Then
        await().atMost(PATIENCE).until(() -> good.stream().allMatch(orderId -> handler.callsFor(orderId).size() == 1));
        await().atMost(PATIENCE).until(() -> Set.copyOf(letters(madeUp.toArray(String[]::new))).size() == MADE_UP);
        await().atMost(PATIENCE).until(() -> app.stats().get("outages").isEmpty());
    }

    @Test
    void shouldProcessAllRecordsOfKnownSchemasWhileTheRegistryIsHostile() throws IOException {
        // Given
        OrderApp app = new OrderApp(url);
        String first = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        topics.send(settings.topic(), key(first), traffic(first));
        await().atMost(PATIENCE).until(() -> handler.callsFor(first).size() == 1);
        int port = URI.create(registry.url()).getPort();
        registry.stop();
        List<String> good = new ArrayList<>();
        List<String> waiting;
        try (HostileRegistry hostile = new HostileRegistry(port)) {
            assertThat(hostile).isNotNull();
            // When
            List<String> refused = attack(HostileRegistry.REFUSED, good);
            waiting = attack(HostileRegistry.WAITED_FOR, good);

            // Then
            await().atMost(PATIENCE).until(() -> good.stream().allMatch(orderId -> handler.callsFor(orderId).size() == 1));
            await().atMost(PATIENCE).until(() -> Set.copyOf(letters(refused.toArray(String[]::new))).size() == refused.size());
            assertThat(topics.read(settings.dlqTopic()).stream()
                    .filter(letter -> refused.contains(new String(letter.key(), StandardCharsets.UTF_8)))
                    .map(letter -> TopicClient.header(letter, "dead-letter-reason"))).allSatisfy(
                            reason -> assertThat(reason)
                                    .containsAnyOf(HostileRegistry.REASONS.toArray(String[]::new)).hasSizeLessThan(500));
            assertThat(letters(waiting.toArray(String[]::new))).isEmpty();
            await().atMost(PATIENCE).until(() -> app.stats().get("outages").toString().contains("registry"));
        } finally {
            registry.start();
        }

        // And then: what is well again knows none of these ids
        await().atMost(PATIENCE).until(() -> Set.copyOf(letters(waiting.toArray(String[]::new))).size() == waiting.size());
        await().atMost(PATIENCE).until(() -> app.stats().get("outages").isEmpty());
    }

    /**
     * Sends records whose schemas are attacks, and among them good ones.
     *
     * @return the keys of the former
     */
    private List<String> attack(List<Integer> ids, List<String> good) throws IOException {
        List<String> attacks = new ArrayList<>();
        for (int each = 0; each < 3; each++) {
            for (int id : ids) {
                String attack = "attack-" + UUID.randomUUID();
                topics.send(settings.topic(), key(attack), frame(OTHER_WRITER, id, attack));
                attacks.add(attack);
                String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
                topics.send(settings.topic(), key(orderId), traffic(orderId));
                good.add(orderId);
            }
        }
        return attacks;
    }

    private byte[] traffic(String orderId) {
        return format.encoder().await().atMost(PATIENCE).encode(new Order(orderId, "Laptop", 12.34f));
    }

    private static byte[] key(String orderId) {
        return orderId.getBytes(StandardCharsets.UTF_8);
    }

    /** The keys of these orders' dead letters. */
    private List<String> letters(String... orderIds) {
        Set<String> wanted = Set.of(orderIds);
        return topics.read(settings.dlqTopic()).stream().map(letter -> new String(letter.key(), StandardCharsets.UTF_8))
                .filter(wanted::contains).toList();
    }

    private static Schema writer(String field) {
        return SchemaBuilder.record("Order").namespace("com.shop").fields().requiredString("order_id").requiredString("product")
                .requiredDouble("price").requiredInt("quantity").optionalString(field).endRecord();
    }

    private static byte[] frame(int id, String orderId) throws IOException {
        return frame(OTHER_WRITER, id, orderId);
    }

    private static byte[] frame(Schema writer, int id, String orderId) throws IOException {
        GenericData.Record order = new GenericData.Record(writer);
        order.put("order_id", orderId);
        order.put("product", "Laptop " + UUID.randomUUID());
        order.put("price", 12.34);
        order.put("quantity", 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(ByteBuffer.allocate(4).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<>(writer).write(order, encoder);
        return out.toByteArray();
    }
}
