package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.Settings;
import io.orderstream.settings.SettingRule;
import io.quarkus.runtime.configuration.DurationConverter;

/** Holds docker-compose.yml against the settings of the application, the files of the repository, and itself. */
class ComposeFileTest {

    private static final ComposeFile COMPOSE = new ComposeFile();
    private static final Map<String, SettingRule> SETTINGS = Settings.mappings().stream().flatMap(SettingRule::of)
            .collect(Collectors.toMap(SettingRule::env, Function.identity()));

    static Stream<String> services() {
        return COMPOSE.services().keySet().stream();
    }

    @Test
    void shouldBringTheWholeSystem() {
        assertThat(COMPOSE.services()).containsOnlyKeys("kafka", "schema-registry", ComposeFile.APPLICATION, "prometheus",
                "grafana", "kafka-ui");
        assertThat(COMPOSE.service("kafka").path("image").asText()).isEqualTo("apache/kafka:" + AppInfoParser.getVersion());
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldPinWhatIsFetched(String service) {
        // When
        String image = COMPOSE.service(service).path("image").asText();

        // Then
        if (COMPOSE.service(service).has("build")) {
            assertThat(image).doesNotContain("/").matches(".+:[\\w.-]+").doesNotEndWith(":latest");
        } else {
            assertThat(image).matches(".+:v?\\d+\\.\\d+\\.\\d+[\\w.-]*(@sha256:[0-9a-f]{64})?");
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldListenOnThisMachineOnly(String service) {
        assertThat(COMPOSE.ports(service)).isNotEmpty()
                .allSatisfy(port -> assertThat(port).hasSize(3).startsWith("127.0.0.1"));
    }

    @Test
    void shouldPublishEachPortOnce() {
        assertThat(services().flatMap(service -> COMPOSE.ports(service).stream()).map(port -> port[1])).doesNotHaveDuplicates();
    }

    @Test
    void shouldPublishThePortsTheApplicationListensOn() {
        // When
        List<String> published = COMPOSE.ports(ComposeFile.APPLICATION).stream().map(port -> port[2]).toList();

        // Then
        assertThat(published).containsExactly(setting("HTTP_PORT"), setting("METRICS_PORT"));
    }

    /** The value a setting has in the application's container. */
    private static String setting(String name) {
        String value = COMPOSE.environment(ComposeFile.APPLICATION).getOrDefault(name, "");
        return value.isEmpty() ? SETTINGS.get(name).defaultValue() : value;
    }

    @Test
    void shouldSetOnlyWhatTheApplicationKnowsToWhatItTakes() {
        // When
        Map<String, String> environment = COMPOSE.environment(ComposeFile.APPLICATION);

        // Then
        assertThat(environment).isNotEmpty().allSatisfy((name, value) -> {
            assertThat(SETTINGS).containsKey(name);
            assertThat(value.isEmpty() ? "" : SETTINGS.get(name).check(value).orElse("")).isEmpty();
        });
        assertThat(environment.get("OPERATOR_PASSWORD")).as("a password in the file").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "ORDERS_COUNT", "ORDERS_INTERVAL", "ERROR_SIMULATION_RATE", "RETRY_MODE", "MAX_RETRIES",
            "RETRY_BACKOFF_SECONDS", "MAX_IN_FLIGHT", "LOG_LEVEL", "TRACING_ENABLED", "OTEL_EXPORTER_OTLP_ENDPOINT" })
    void shouldPassOnWhatPeopleTryOut(String setting) {
        assertThat(COMPOSE.service(ComposeFile.APPLICATION).path("environment").path(setting).asText())
                .isEqualTo("${" + setting + ":-}");
    }

    @Test
    void shouldTellEachServiceWhereTheOthersAre() {
        // Given
        Map<String, String> kafka = COMPOSE.environment("kafka");
        Map<String, String> registry = COMPOSE.environment("schema-registry");
        Map<String, String> ui = COMPOSE.environment("kafka-ui");

        // When
        List<String> listeners = List.of(kafka.get("KAFKA_ADVERTISED_LISTENERS").split(","));
        String broker = setting("KAFKA_BOOTSTRAP_SERVERS");
        String registryUrl = setting("SCHEMA_REGISTRY_URL");

        // Then
        assertThat(broker).startsWith("kafka:");
        assertThat(listeners).contains("DOCKER://" + broker);
        assertThat(registry).containsEntry("SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", broker);
        assertThat(ui).containsEntry("KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS", broker);
        assertThat(registryUrl)
                .isEqualTo(registry.get("SCHEMA_REGISTRY_LISTENERS").replace("0.0.0.0", "schema-registry"))
                .isEqualTo(ui.get("KAFKA_CLUSTERS_0_SCHEMAREGISTRY"));
        assertThat(registryUrl).endsWith(":" + COMPOSE.ports("schema-registry").get(0)[2]);
    }

    /** The defaults of the application, so that one that runs outside finds them without being told. */
    @Test
    void shouldOfferBrokerAndRegistryWhereTheApplicationLooksForThem() {
        assertThat(List.of(COMPOSE.environment("kafka").get("KAFKA_ADVERTISED_LISTENERS").split(",")))
                .contains("HOST://" + SETTINGS.get("KAFKA_BOOTSTRAP_SERVERS").defaultValue());
        assertThat(SETTINGS.get("KAFKA_BOOTSTRAP_SERVERS").defaultValue()).endsWith(":" + COMPOSE.ports("kafka").get(0)[1]);
        assertThat(SETTINGS.get("SCHEMA_REGISTRY_URL").defaultValue())
                .isEqualTo("http://localhost:" + COMPOSE.ports("schema-registry").get(0)[1]);
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldHaveAHealthCheckThatIsRunAndEnds(String service) {
        assertThat(COMPOSE.healthCheck(service)).hasSizeGreaterThan(1).first().isEqualTo("CMD");
        assertThat(Yaml.fields(COMPOSE.service(service).path("healthcheck"))).containsKeys("interval", "timeout", "retries",
                "start_period");
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldWaitOnlyForServicesThatSayThatTheyAreHealthy(String service) {
        assertThat(COMPOSE.dependencies(service)).allSatisfy((other, dependency) -> {
            assertThat(COMPOSE.healthCheck(other)).isNotEmpty();
            assertThat(dependency.path("condition").asText()).isEqualTo("service_healthy");
        });
    }

    @Test
    void shouldStartBrokerAndRegistryWithoutTheRest() {
        // When
        TreeSet<String> started = new TreeSet<>();
        List<String> next = new ArrayList<>(List.of("kafka", "schema-registry"));
        while (!next.isEmpty()) {
            String service = next.remove(0);
            if (started.add(service)) {
                next.addAll(COMPOSE.dependencies(service).keySet());
            }
        }

        // Then
        assertThat(started).containsExactly("kafka", "schema-registry");
        assertThat(COMPOSE.dependencies(ComposeFile.APPLICATION)).containsOnlyKeys("kafka", "schema-registry");
        assertThat(services()).allSatisfy(service -> assertThat(COMPOSE.service(service).has("profiles"))
                .as("'docker compose up' would leave out " + service).isFalse());
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldMountOnlyDeclaredVolumesAndFilesOfTheRepository(String service) {
        assertThat(COMPOSE.mounts(service)).allSatisfy(mount -> {
            if (mount[0].startsWith("./")) {
                assertThat(Path.of(mount[0])).exists();
                assertThat(mount).as("read only").endsWith("ro");
            } else {
                assertThat(COMPOSE.volumes()).contains(mount[0]);
            }
        });
    }

    @Test
    void shouldUseEachVolumeOnce() {
        assertThat(services().flatMap(service -> COMPOSE.mounts(service).stream()).map(mount -> mount[0])
                .filter(source -> !source.startsWith("./"))).containsExactlyInAnyOrderElementsOf(COMPOSE.volumes());
    }

    @Test
    void shouldLetTheApplicationWriteToItsSpoolAndTmpOnly() {
        // When
        List<String> written = COMPOSE.mounts(ComposeFile.APPLICATION).stream().map(mount -> mount[1]).toList();
        String tmp = COMPOSE.service(ComposeFile.APPLICATION).path("tmpfs").path(0).asText();

        // Then
        assertThat(COMPOSE.service(ComposeFile.APPLICATION).path("read_only").asBoolean()).isTrue();
        assertThat(written).singleElement().asString().isEqualTo(Path.of(setting("SPOOL_DIRECTORY")).getParent().toString());
        assertThat(Arrays.asList(tmp.split("[:,]")))
                .as("Docker's default is noexec, with which no native library can be loaded")
                .startsWith("/tmp").contains("exec");
        assertThat(Yaml.texts(COMPOSE.service(ComposeFile.APPLICATION).path("cap_drop"))).containsExactly("ALL");
    }

    @Test
    void shouldGiveTheApplicationTimeToFinish() {
        // When
        Duration grace = DurationConverter
                .parseDuration(COMPOSE.service(ComposeFile.APPLICATION).path("stop_grace_period").asText());

        // Then
        assertThat(grace).isGreaterThanOrEqualTo(LongestStop.of(COMPOSE.environment(ComposeFile.APPLICATION)));
    }

    @Test
    void shouldBuildTheApplicationFromItsDockerfile() {
        assertThat(Path.of(COMPOSE.service(ComposeFile.APPLICATION).path("build").path("context").asText())
                .resolve(COMPOSE.service(ComposeFile.APPLICATION).path("build").path("dockerfile").asText()))
                .satisfies(dockerfile -> assertThat(Files.isRegularFile(dockerfile)).isTrue());
    }
}
