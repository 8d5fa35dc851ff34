package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import io.orderstream.dev.EmbeddedKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/**
 * Gives a Quarkus test a real broker and a registry on random ports, with topics, a group and a spool of its own. A test gets
 * at both through fields of type {@link EmbeddedKafka}, {@link RegistryControl} and {@link TopicClient}.
 */
public class KafkaAndRegistry implements QuarkusTestResourceLifecycleManager {

    private EmbeddedKafka kafka;
    private RegistryControl registry;
    private TopicClient topics;

    @Override
    public Map<String, String> start() {
        Path directory;
        try {
            directory = Files.createTempDirectory("orderstream-test");
            kafka = new EmbeddedKafka(0, directory.resolve("kafka")).start();
            registry = new RegistryControl(directory.resolve("registry.json"));
            topics = new TopicClient(kafka.bootstrapServers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String unique = UUID.randomUUID().toString().substring(0, 8);
        Map<String, String> settings = new HashMap<>(OwnTopics.named(unique));
        settings.putAll(Map.of("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "SCHEMA_REGISTRY_URL", registry.url(),
                "SPOOL_DIRECTORY", directory.resolve("spool").toString()));
        return settings;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(kafka, new TestInjector.MatchesType(EmbeddedKafka.class));
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
        if (kafka != null) {
            kafka.close();
        }
    }
}
