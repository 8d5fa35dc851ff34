package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/**
 * Gives a Quarkus test the broker of this JVM, with topics and groups of its own, and a registry and a spool of its own.
 * A test gets at them through fields of type {@link RegistryControl} and {@link TopicClient}.
 */
public class KafkaAndRegistry implements QuarkusTestResourceLifecycleManager {

    private RegistryControl registry;
    private TopicClient topics;

    @Override
    public Map<String, String> start() {
        String broker = broker();
        topics = new TopicClient(broker);
        Map<String, String> settings = new HashMap<>(OwnTopics.named(UUID.randomUUID().toString().substring(0, 8)));
        try {
            Path directory = Files.createTempDirectory("orderstream-test");
            registry = new RegistryControl(directory.resolve("registry.json"));
            settings.putAll(Map.of("KAFKA_BOOTSTRAP_SERVERS", broker, "SCHEMA_REGISTRY_URL", registry.url(),
                    "SCHEMA_UNKNOWN_AFTER", "1s",
                    "SPOOL_DIRECTORY", directory.resolve("spool").toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A stop waits for two polls of each channel, and for the fetch under way.
        settings.put("mp.messaging.connector.smallrye-kafka.poll-timeout", "100");
        settings.put("mp.messaging.connector.smallrye-kafka.fetch.max.wait.ms", "200");
        return settings;
    }

    /** Where clients connect to the broker. */
    protected String broker() {
        return TestRun.sharedBroker();
    }

    protected TopicClient topics() {
        return topics;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(registry, new TestInjector.MatchesType(RegistryControl.class));
        injector.injectIntoFields(topics, new TestInjector.MatchesType(TopicClient.class));
    }

    @Override
    public void stop() {
        if (topics != null) {
            topics.close();
        }
        if (registry != null) {
            registry.close();
        }
    }
}
