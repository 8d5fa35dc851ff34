package io.orderstream.testsupport;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.dev.EmbeddedRegistry;

/** Starts packaged applications beside a broker and a registry, and ends them all. */
public final class PackagedApps implements AutoCloseable {

    private final String bootstrapServers;
    private final Runnable stopBroker;
    private final List<String> options;
    private final EmbeddedRegistry registry;
    private final TopicClient topics;
    private final List<AppProcess> started = new ArrayList<>();

    /** @param directory where the broker, which is part of this JVM, keeps its data */
    public PackagedApps(Path directory) throws IOException {
        this(new EmbeddedKafka(0, directory).start());
    }

    private PackagedApps(EmbeddedKafka kafka) throws IOException {
        this(kafka.bootstrapServers(), kafka::close, List.of());
    }

    /**
     * Several applications beside each other, which therefore are frugal.
     *
     * @param broker a broker that runs; it is ended with the applications
     */
    public PackagedApps(BrokerProcess broker) throws IOException {
        this(broker.bootstrapServers(), broker::close, JavaPrograms.FRUGAL);
    }

    private PackagedApps(String bootstrapServers, Runnable stopBroker, List<String> options) throws IOException {
        this.bootstrapServers = bootstrapServers;
        this.stopBroker = stopBroker;
        this.options = options;
        this.registry = new EmbeddedRegistry(0, null);
        this.topics = new TopicClient(bootstrapServers);
    }

    /** The files of a package, relative to it, without the spools that applications have there while they are tested. */
    public static List<String> files(Path application) throws IOException {
        Path spools = application.resolve("spool");
        List<String> files = new ArrayList<>();
        Files.walkFileTree(application, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.equals(spools) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(application.relativize(file).toString().replace('\\', '/'));
                return FileVisitResult.CONTINUE;
            }
        });
        return files.stream().sorted().toList();
    }

    /** Topics, a consumer group and a spool nobody else has, as settings of one application or several. */
    public static Map<String, String> ownTopics() {
        String unique = UUID.randomUUID().toString().substring(0, 8);
        Map<String, String> settings = new HashMap<>(OwnTopics.named(unique));
        settings.put("SPOOL_DIRECTORY", "spool/" + unique);
        return settings;
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
        all.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        all.put("SCHEMA_REGISTRY_URL", registry.url());
        all.putIfAbsent("SCHEMA_UNKNOWN_AFTER", "1s");
        Stream.of(more).map(setting -> setting.split("=", 2)).forEach(setting -> all.put(setting[0], setting[1]));
        AppProcess app = JavaPrograms.packaged(jdk, options, all);
        started.add(app);
        return app;
    }

    /** Where clients of the broker connect. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Where the registry listens. */
    public String registryUrl() {
        return registry.url();
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
    public Map<Integer, Long> committedOffsets(Map<String, String> settings) {
        return topics.committed(settings.get("CONSUMER_GROUP_ID"));
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
        stopBroker.run();
    }
}
