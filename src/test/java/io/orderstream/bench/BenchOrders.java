package io.orderstream.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.apache.kafka.clients.producer.ProducerRecord;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.dev.EmbeddedRegistry;
import io.orderstream.order.Order;
import io.orderstream.order.RandomOrders;
import io.orderstream.schema.AvroEncoder;
import io.orderstream.testsupport.BrokerProcess;
import io.orderstream.testsupport.TopicClient;

/** The orders every contender reads, on a broker in a JVM of its own. */
final class BenchOrders implements AutoCloseable {

    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 6;
    private static final int CHUNK = 10_000;
    private static final int SLOWEST_PER_SECOND = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final BrokerProcess broker;
    private final EmbeddedRegistry registry;
    private final TopicClient topics;
    private final long records;
    private long cents;

    /**
     * Starts the broker and a registry.
     *
     * @param directory where the broker keeps its data
     * @param records how many orders there are to be
     */
    BenchOrders(Path directory, long records) throws IOException {
        this.records = records;
        registry = new EmbeddedRegistry(0, null);
        broker = new BrokerProcess(directory, List.of("-Xmx1g")).start();
        topics = new TopicClient(broker.bootstrapServers());
    }

    /** Writes the orders. */
    void write() throws IOException, InterruptedException {
        topics.create(TOPIC, PARTITIONS);
        AvroEncoder<Order> encoder = new AvroEncoder<>(Order.class, registerSchema());
        // The same orders each time.
        Random random = new Random(records);
        for (long written = 0; written < records; written += CHUNK) {
            List<ProducerRecord<byte[], byte[]>> chunk = new ArrayList<>(CHUNK);
            for (long i = written; i < Math.min(records, written + CHUNK); i++) {
                Order order = RandomOrders.next(random);
                cents += Math.round(order.getPrice() * 100.0);
                chunk.add(new ProducerRecord<>(TOPIC, order.getOrderId().getBytes(StandardCharsets.UTF_8),
                        encoder.encode(order)));
            }
            topics.send(chunk);
        }
    }

    private int registerSchema() throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        String body = json.writeValueAsString(Map.of("schema", Order.getClassSchema().toString()));
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/" + TOPIC + "-value/versions"))
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        return json.readTree(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body()).required("id").asInt();
    }

    /** What a contender has to be told, as environment variables. */
    Map<String, String> environment(String group) {
        return Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(), "SCHEMA_REGISTRY_URL", registry.url(),
                "ORDERS_TOPIC", TOPIC,
                "CONSUMER_GROUP_ID", group, "BENCH_RECORDS", Long.toString(records));
    }

    long records() {
        return records;
    }

    /** The sum of the prices of the orders. */
    long cents() {
        return cents;
    }

    /** How long the slowest contender, on a slow machine, may take for them. */
    Duration patience() {
        return PATIENCE.plusSeconds(records / SLOWEST_PER_SECOND);
    }

    /** What a group has committed, by partition. */
    Map<Integer, Long> committed(String group) {
        return topics.committed(group);
    }

    @Override
    public void close() {
        topics.close();
        registry.close();
        broker.close();
    }
}
