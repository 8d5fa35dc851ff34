package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;

import io.orderstream.order.Order;
import io.orderstream.testsupport.BrokerProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.RegistryControl;
import io.orderstream.testsupport.TopicClient;

/**
 * One packaged application for several scenes, between a broker, a registry and an endpoint that can each be taken away. Its
 * retries and its outage breaker have their default settings.
 */
final class OutageStage implements AutoCloseable {

    private static final Path OUTPUT = Path.of("target", "guarantee");
    private static final int PARTITIONS = 6;
    private static final int KEYS = 80;

    private final Random random;
    private final BrokerProcess broker;
    private final RegistryControl registry;
    private final Endpoint endpoint = new Endpoint();
    private final PackagedApps apps;
    private final TopicClient topics;
    private final Map<String, String> settings = new HashMap<>(PackagedApps.ownTopics());
    private final Fleet fleet;

    /**
     * Starts all of them.
     *
     * @param directory where broker and registry keep their data
     * @param callTimeout longest wait for the endpoint's answer
     * @param stuckAfter shorter than an outage, since what waits for its end is not stuck; longer than a record is in work
     *        otherwise
     * @param seed of the prices
     */
    OutageStage(Path directory, Duration callTimeout, Duration stuckAfter, long seed) throws IOException {
        random = new Random(seed);
        broker = new BrokerProcess(directory, JavaPrograms.FRUGAL).start();
        registry = new RegistryControl(directory.resolve("registry.json"));
        apps = new PackagedApps(broker);
        topics = new TopicClient(broker.bootstrapServers());
        topics.create(topic(), PARTITIONS);
        settings.putAll(Map.of("ORDERS_COUNT", "0", "FULFILMENT_URL", endpoint.url(), "FULFILMENT_TIMEOUT",
                callTimeout.toMillis() + "ms", "STUCK_AFTER", stuckAfter.toMillis() + "ms"));
        fleet = new Fleet(apps, settings);
        Instance app = fleet.join("SCHEMA_REGISTRY_URL=" + registry.url());
        try (HealthWatch health = new HealthWatch(app.managementUrl())) {
            await().atMost(PATIENCE).until(health::isReady);
        }
        // Or the first scene would play while the application loads its classes and asks for its first schema. The scene
        // itself waits until these are done.
        topics.send(orders(KEYS));
    }

    Endpoint endpoint() {
        return endpoint;
    }

    RegistryControl registry() {
        return registry;
    }

    BrokerProcess broker() {
        return broker;
    }

    TopicClient topics() {
        return topics;
    }

    /** A further client of the broker. */
    TopicClient newClient() {
        return new TopicClient(broker.bootstrapServers());
    }

    Instance app() {
        return fleet.all().get(0);
    }

    List<Instance> apps() {
        return fleet.all();
    }

    String topic() {
        return settings.get("ORDERS_TOPIC");
    }

    String dlqTopic() {
        return settings.get("ORDERS_DLQ_TOPIC");
    }

    Map<Integer, Long> committed() {
        return topics.committed(settings.get("CONSUMER_GROUP_ID"));
    }

    /** The application is no member of its group any more, until it joins again. */
    void removeFromGroup() {
        KafkaFuture<Void> removed = topics.admin().removeMembersFromConsumerGroup(settings.get("CONSUMER_GROUP_ID"),
                new RemoveMembersFromConsumerGroupOptions()).all();
        try {
            removed.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            // The broker has removed it in the meantime.
            System.out.printf("outage: member removed by the broker itself: reason=\"%s\"%n", e.getCause());
        }
    }

    /** Orders for the topic, many for each key; the registry has their schema when this returns. */
    List<ProducerRecord<byte[], byte[]>> orders(int number) {
        return orders(keys(number), Order.getClassSchema());
    }

    /** The same, with a schema that has not been used in the topic. */
    List<ProducerRecord<byte[], byte[]>> ordersOfNewSchema(int number) {
        Schema unknown = new Schema.Parser().parse(Order.getClassSchema().toString());
        unknown.addProp("made-for", Long.toString(random.nextLong()));
        return orders(keys(number), unknown);
    }

    /**
     * Orders of which two fifths are for the same keys as ever, and the others for a key of their own each.
     *
     * @param others begin of their ids
     */
    List<ProducerRecord<byte[], byte[]>> ordersWith(String others, int number) {
        return orders(IntStream.range(0, number).mapToObj(i -> i % 5 < 2 ? "order-" + i % KEYS : others + i),
                Order.getClassSchema());
    }

    private static Stream<String> keys(int number) {
        return IntStream.range(0, number).mapToObj(i -> "order-" + i % KEYS);
    }

    private List<ProducerRecord<byte[], byte[]>> orders(Stream<String> ids, Schema schema) {
        return new SeededOrders(topic(), registry.url(), schema).make(ids, random);
    }

    @Override
    public void close() {
        fleet.writeOutput(OUTPUT, "outages");
        endpoint.close();
        topics.close();
        apps.close();
        registry.close();
    }
}
