package io.orderstream.testsupport;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.dev.EmbeddedRegistry;

/** Starts packaged applications beside a broker and a registry, and ends them all. */
public final class PackagedApps implements AutoCloseable {

    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;
    private final TopicClient topics;
    private final List<AppProcess> started = new ArrayList<>();

    /** @param directory where the broker keeps its data */
    public PackagedApps(Path directory) throws IOException {
        kafka = new EmbeddedKafka(0, directory).start();
        registry = new EmbeddedRegistry(0, null);
        topics = new TopicClient(kafka.bootstrapServers());
    }

    /** Topics and a consumer group nobody else has, as settings of one application or several. */
    public static Map<String, String> ownTopics() {
        String unique = "orders-" + UUID.randomUUID().toString().substring(0, 8);
        return Map.of("ORDERS_TOPIC", unique, "ORDERS_DLQ_TOPIC", unique + "-dlq", "CONSUMER_GROUP_ID", unique);
    }

    /**
     * Starts an application.
     *
     * @param jdk home of the JDK to run it with
     * @param settings environment variables
     * @param more further ones, as NAME=value
     */
    public AppProcess start(Path jdk, Map<String, String> settings, String... more) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        all.put("SCHEMA_REGISTRY_URL", registry.url());
        Stream.of(more).map(setting -> setting.split("=", 2)).forEach(setting -> all.put(setting[0], setting[1]));
        AppProcess app = AppProcess.packaged(jdk, all);
        started.add(app);
        return app;
    }

    /** The orders in the topic of these settings. */
    public OrderLedger ledger(Map<String, String> settings, double errorRate) {
        return OrderLedger.of(topics, settings.get("ORDERS_TOPIC"), errorRate);
    }

    /** The dead letters in the topic of these settings, as id=kind. */
    public List<String> deadLetters(Map<String, String> settings) {
        return OrderLedger.deadLetters(topics, settings.get("ORDERS_DLQ_TOPIC"));
    }

    /** What the group of these settings has committed, by partition. */
    public Map<Integer, Long> committedOffsets(Map<String, String> settings) throws ExecutionException, InterruptedException {
        try (Admin admin = topics.admin()) {
            return admin.listConsumerGroupOffsets(settings.get("CONSUMER_GROUP_ID")).partitionsToOffsetAndMetadata().get()
                    .entrySet().stream().collect(Collectors.toMap(at -> at.getKey().partition(), at -> at.getValue().offset()));
        }
    }

    /** Ends every application that still runs. */
    public void killAll() {
        started.forEach(AppProcess::close);
        started.clear();
    }

    @Override
    public void close() {
        killAll();
        topics.close();
        registry.close();
        kafka.close();
    }
}
