package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is set are settings of the application, or Kafka's, and their values keep the rules. */
class EnvironmentTest {

    private static final ComposeFile COMPOSE = new ComposeFile();
    private static final String KAFKA = "KAFKA_";
    private static final String TLS = "QUARKUS_TLS_KAFKA_";

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldSetNothingButSettingsToValuesTheyMayHave(Path directory) {
        // When
        Map<String, String> environment = Environment.of(Manifests.rendered(directory));

        // Then
        assertThat(environment).containsKeys("KAFKA_BOOTSTRAP_SERVERS", "SCHEMA_REGISTRY_URL", "SPOOL_DIRECTORY")
                .allSatisfy(EnvironmentTest::check);
        // A name that is another one for each pod would keep its partitions idle for SESSION_TIMEOUT at each update.
        assertThat(environment).doesNotContainKey("GROUP_INSTANCE_ID");
    }

    @Test
    void shouldSetNothingButSettingsInCompose() {
        // When
        Map<String, String> environment = COMPOSE.environment(ComposeFile.APPLICATION);

        // Then
        assertThat(environment).isNotEmpty().allSatisfy(EnvironmentTest::check);
        assertThat(environment.get("OPERATOR_PASSWORD")).as("a password in the file").isEmpty();
    }

    private static void check(String name, String value) {
        if (Declared.SETTINGS.containsKey(name)) {
            // Empty means not set.
            assertThat(value.isEmpty() ? Stream.empty() : Declared.SETTINGS.get(name).check(value).stream()).isEmpty();
        } else if (name.equals("KAFKA_TLS_CONFIGURATION_NAME")) {
            assertThat(value).isEqualTo("kafka");
        } else if (name.startsWith(TLS)) {
            assertThat(name).isEqualTo(TLS + "TRUST_STORE_PEM_CERTS");
        } else if (name.startsWith(KAFKA)) {
            assertThat(Stream.of(AdminClientConfig.configNames(), ConsumerConfig.configNames(), ProducerConfig.configNames())
                    .flatMap(Set::stream)).contains(property(name));
            AdminClientConfig.configDef().parse(Map.of(property(name), value));
        } else {
            assertThat(name).as("a variable of the JVM, of which one is in use").isEqualTo("JAVA_TOOL_OPTIONS");
        }
    }

    @Test
    void shouldSetNothingOfTheDemonstrationsBrokerButPropertiesOfABroker() {
        // Given
        Manifests demo = Manifests.rendered(Manifests.DEMO);

        // Then
        assertOfABroker(Environment.of(demo, Workload.named(demo, "kafka")));
    }

    @Test
    void shouldSetNothingOfTheBrokerOfComposeButPropertiesOfABroker() {
        assertOfABroker(COMPOSE.environment("kafka"));
    }

    private static void assertOfABroker(Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>(environment);
        assertThat(properties.remove("CLUSTER_ID")).matches("[\\w-]{22}");
        // For the start script of the image
        properties.keySet().removeAll(Set.of("KAFKA_HEAP_OPTS", "KAFKA_GC_LOG_OPTS"));
        assertThat(properties).isNotEmpty().allSatisfy((name, value) -> {
            assertThat(name).startsWith(KAFKA);
            ConfigDef.ConfigKey key = AbstractKafkaConfig.CONFIG_DEF.configKeys().get(property(name));
            assertThat(key).as(name).isNotNull();
            Object parsed = ConfigDef.parseType(name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(name, parsed);
            }
        });
    }

    private static String property(String name) {
        return name.substring(KAFKA.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
