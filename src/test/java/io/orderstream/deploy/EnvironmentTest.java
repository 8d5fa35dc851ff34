package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.orderstream.Settings;
import io.orderstream.settings.SettingRule;

/** What the manifests set are settings of the application, or Kafka's, and their values keep the rules. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnvironmentTest {

    private static final Map<String, SettingRule> SETTINGS = Settings.mappings().stream().flatMap(SettingRule::of)
            .collect(Collectors.toMap(SettingRule::env, Function.identity()));
    private static final String KAFKA = "KAFKA_";
    /** The JVM's own. */
    private static final Set<String> OTHERS = Set.of("JAVA_TOOL_OPTIONS");

    private final Overlays overlays = new Overlays();

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldSetNothingButSettingsToValuesTheyMayHave(Path directory) {
        // Given
        Manifests manifests = overlays.of(directory);

        // When
        Map<String, String> environment = Environment.of(manifests, Workload.application(manifests), (secret, key) -> "secret");

        // Then
        assertThat(environment).containsKeys("KAFKA_BOOTSTRAP_SERVERS", "SCHEMA_REGISTRY_URL", "SPOOL_DIRECTORY")
                .allSatisfy(EnvironmentTest::check);
    }

    @Test
    void shouldSetNothingButSettingsInTheBase() {
        // Given
        Manifests base = Manifests.base();

        // Then
        assertThat(Environment.of(base, Workload.application(base))).isNotEmpty().allSatisfy(EnvironmentTest::check);
    }

    @Test
    void shouldNameNothingButSettingsThatAreSecretInTheTemplateOfTheSecret() {
        // Given
        String template = Manifests.read(Manifests.BASE.resolve("secret.yaml"));

        // When
        List<String> named = keys(template, "#   ([A-Z_]+): \\w");

        // Then
        assertThat(named).containsExactlyInAnyOrderElementsOf(SETTINGS.keySet().stream()
                .filter(setting -> setting.matches(".*_(USER|PASSWORD)")).toList());
        assertThat(keys(Manifests.read(Manifests.PRODUCTION.resolve("kustomization.yaml")), "--from-literal=([A-Z_]+)="))
                .containsExactlyInAnyOrderElementsOf(named);
    }

    @Test
    void shouldSetNothingOfTheDemonstrationsBrokerButPropertiesOfABroker() {
        // Given
        Manifests demo = overlays.of(Manifests.DEMO);

        // When
        Map<String, String> environment = new HashMap<>(Environment.of(demo, Workload.named(demo, "kafka")));

        // Then: three are the image's own
        assertThat(environment.remove("KAFKA_HEAP_OPTS")).matches("-Xms\\d+m -Xmx\\d+m");
        assertThat(environment.remove(BrokerLog.GC)).matches(BrokerLog.NO_FILE);
        assertThat(environment.remove("CLUSTER_ID")).matches("[\\w-]{22}");
        assertThat(environment).allSatisfy((name, value) -> {
            assertThat(name).startsWith(KAFKA);
            assertThat(AbstractKafkaConfig.CONFIG_DEF.names()).contains(property(name));
            ConfigDef.ConfigKey key = AbstractKafkaConfig.CONFIG_DEF.configKeys().get(property(name));
            Object parsed = ConfigDef.parseType(name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(name, parsed);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ORDERS_COUNTS           | 0          | ORDERS_COUNTS
            MAX_IN_FLIGHT           | 0          | MAX_IN_FLIGHT must be a whole number from 1
            DRAIN_TIMEOUT           | 5 minutes  | DRAIN_TIMEOUT must be a duration
            KAFKA_SASL_MECHANISMS   | PLAIN      | sasl.mechanisms
            KAFKA_SECURITY_PROTOCOL | TLS        | security.protocol
            """)
    void shouldFindWhatIsNoSettingOrHasAValueItMayNotHave(String name, String value, String words) {
        assertThatThrownBy(() -> check(name, value)).hasMessageContaining(words);
    }

    private static void check(String name, String value) {
        if (SETTINGS.containsKey(name)) {
            // Empty means not set.
            assertThat(value.isEmpty() ? Stream.empty() : SETTINGS.get(name).check(value).stream()).isEmpty();
        } else if (name.startsWith(KAFKA)) {
            assertThat(Stream.of(AdminClientConfig.configNames(), ConsumerConfig.configNames(), ProducerConfig.configNames())
                    .flatMap(Set::stream)).contains(property(name));
            try {
                AdminClientConfig.configDef().parse(Map.of(property(name), value));
            } catch (ConfigException e) {
                throw new AssertionError(e);
            }
        } else {
            assertThat(OTHERS).contains(name);
        }
    }

    private static String property(String name) {
        return name.substring(KAFKA.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private static List<String> keys(String text, String regex) {
        return Pattern.compile(regex).matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
    }
}
