package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;

/** Holds docker-compose.yml and the Dockerfiles against the settings of the application, the manifests, and each other. */
class ContainerFilesTest {

    private static final ComposeFile COMPOSE = new ComposeFile();
    private static final Dockerfile JVM = Dockerfile.read(Dockerfile.JVM);
    private static final Dockerfile NATIVE = Dockerfile.read(Dockerfile.NATIVE);
    private static final Pattern HEAP = Pattern.compile("-Xmx(\\d+)m");

    private static Stream<String> services() {
        return COMPOSE.services().keySet().stream();
    }

    /** In the eyes of Docker's compose itself. */
    @Test
    void shouldBeAFileDockerComposeTakes() {
        // When
        String services = Tool.compose().check("-f", ComposeFile.PATH.toString(), "config", "--services");

        // Then
        assertThat(services.lines()).containsExactlyInAnyOrderElementsOf(COMPOSE.services().keySet());
    }

    @Test
    void shouldRunTheBrokerThatIsTestedHereAndFetchNothingThatChanges() {
        assertThat(COMPOSE.service("kafka").path("image").asText()).isEqualTo("apache/kafka:" + AppInfoParser.getVersion());
        assertThat(COMPOSE.services().values()).filteredOn(service -> !service.has("build")).isNotEmpty().allSatisfy(
                service -> assertThat(service.path("image").asText())
                        .matches(".+:v?\\d+\\.\\d+\\.\\d+[\\w.-]*(@sha256:[0-9a-f]{64})?"));
    }

    @Test
    void shouldListenOnThisMachineOnlyAndOnEachPortOnce() {
        // When
        List<String[]> ports = services().flatMap(service -> COMPOSE.ports(service).stream()).toList();

        // Then
        assertThat(ports).isNotEmpty().allSatisfy(port -> assertThat(port).hasSize(3).startsWith("127.0.0.1"));
        assertThat(ports.stream().map(port -> port[1])).doesNotHaveDuplicates();
        assertThat(COMPOSE.ports(ComposeFile.APPLICATION).stream().map(port -> port[2]))
                .containsExactly(setting("HTTP_PORT"), setting("METRICS_PORT"));
    }

    /** The value a setting has in the application's container. */
    private static String setting(String name) {
        String value = COMPOSE.environment(ComposeFile.APPLICATION).getOrDefault(name, "");
        return value.isEmpty() ? Declared.text(name) : value;
    }

    @Test
    void shouldTellEachServiceWhereTheOthersAre() {
        // Given
        Map<String, String> registry = COMPOSE.environment("schema-registry");
        Map<String, String> ui = COMPOSE.environment("kafka-ui");

        // When
        String broker = setting("KAFKA_BOOTSTRAP_SERVERS");
        String registryUrl = setting("SCHEMA_REGISTRY_URL");

        // Then
        assertThat(broker).startsWith("kafka:");
        assertThat(listeners()).contains("DOCKER://" + broker);
        assertThat(registry).containsEntry("SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", broker);
        assertThat(ui).containsEntry("KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS", broker);
        assertThat(registryUrl)
                .isEqualTo(registry.get("SCHEMA_REGISTRY_LISTENERS").replace("0.0.0.0", "schema-registry"))
                .isEqualTo(ui.get("KAFKA_CLUSTERS_0_SCHEMAREGISTRY"))
                .endsWith(":" + COMPOSE.ports("schema-registry").get(0)[2]);
    }

    /** The defaults of the application, so that one that runs outside finds them without being told. */
    @Test
    void shouldOfferBrokerAndRegistryWhereTheApplicationLooksForThem() {
        assertThat(listeners()).contains("HOST://" + Declared.text("KAFKA_BOOTSTRAP_SERVERS"));
        assertThat(Declared.text("KAFKA_BOOTSTRAP_SERVERS")).endsWith(":" + COMPOSE.ports("kafka").get(0)[1]);
        assertThat(Declared.text("SCHEMA_REGISTRY_URL"))
                .isEqualTo("http://localhost:" + COMPOSE.ports("schema-registry").get(0)[1]);
    }

    private static List<String> listeners() {
        return List.of(COMPOSE.environment("kafka").get("KAFKA_ADVERTISED_LISTENERS").split(","));
    }

    @Test
    void shouldWaitOnlyForServicesThatSayThatTheyAreHealthy() {
        assertThat(services()).allSatisfy(service -> assertThat(COMPOSE.dependencies(service)).allSatisfy((other, how) -> {
            assertThat(COMPOSE.healthCheck(other)).hasSizeGreaterThan(1).first().isEqualTo("CMD");
            assertThat(how.path("condition").asText()).isEqualTo("service_healthy");
        }));
    }

    @Test
    void shouldMountFilesOfTheRepositoryAndEachVolumeOnce() {
        // When
        List<String[]> mounts = services().flatMap(service -> COMPOSE.mounts(service).stream()).toList();

        // Then
        assertThat(mounts).filteredOn(mount -> mount[0].startsWith("./")).isNotEmpty().allSatisfy(mount -> {
            assertThat(Path.of(mount[0])).exists();
            assertThat(mount).as("read only").endsWith("ro");
        });
        assertThat(mounts.stream().map(mount -> mount[0]).filter(source -> !source.startsWith("./")))
                .containsExactlyInAnyOrderElementsOf(COMPOSE.volumes());
        assertThat(Path.of(COMPOSE.service(ComposeFile.APPLICATION).at("/build/context").asText(),
                COMPOSE.service(ComposeFile.APPLICATION).at("/build/dockerfile").asText())).isRegularFile();
    }

    @Test
    void shouldLetTheApplicationKeepItsSpoolAndLoadLibraries() {
        // When
        Stream<String> written = COMPOSE.mounts(ComposeFile.APPLICATION).stream().map(mount -> mount[1]);
        String tmp = COMPOSE.service(ComposeFile.APPLICATION).at("/tmpfs/0").asText();

        // Then
        assertThat(written).containsExactly(Path.of(setting("SPOOL_DIRECTORY")).getParent().toString());
        assertThat(tmp.split("[:,]")).as("Docker's default is noexec, with which no native library can be loaded")
                .startsWith("/tmp").contains("exec");
    }

    @Test
    void shouldHaveRoomForTheHeapOfEachServiceAndForWhatTheDeploymentHas() {
        assertThat(services()).allSatisfy(service -> {
            Matcher heap = HEAP.matcher(COMPOSE.environment(service).values().toString());
            assertThat(megabytes(service)).isGreaterThan(heap.find() ? Long.parseLong(heap.group(1)) : 0);
        });
        assertThat(megabytes(ComposeFile.APPLICATION))
                .isGreaterThanOrEqualTo(Workload.application(Manifests.base()).megabytes());
    }

    private static long megabytes(String service) {
        String amount = COMPOSE.service(service).at("/deploy/resources/limits/memory").asText();
        assertThat(amount).matches("\\d+[MG]");
        long number = Long.parseLong(amount.substring(0, amount.length() - 1));
        return amount.endsWith("G") ? 1024 * number : number;
    }

    @Test
    void shouldMakeImagesThatCanTakeEachOthersPlace() {
        assertThat(Stream.of("USER", "EXPOSE", "WORKDIR"))
                .allSatisfy(name -> assertThat(NATIVE.one(name)).isEqualTo(JVM.one(name)));
        assertThat(NATIVE.pairs("ENV")).containsEntry("SPOOL_DIRECTORY", JVM.pairs("ENV").get("SPOOL_DIRECTORY"));
        assertThat(NATIVE.pairs("LABEL")).isEqualTo(JVM.pairs("LABEL"));
        assertThat(Stream.of(JVM, NATIVE).map(file -> file.command("ENTRYPOINT"))).allSatisfy(
                command -> assertThat(command).isNotEmpty());
        // By number: Kubernetes cannot tell of a name that it is not root.
        assertThat(JVM.one("USER")).matches("[1-9]\\d*:[1-9]\\d*");
        assertThat(JVM.one("EXPOSE")).isEqualTo(Declared.text("HTTP_PORT") + " " + Declared.text("METRICS_PORT"));
    }

    @Test
    void shouldDoInKubernetesAndInComposeAsTheImageDoes() {
        // Given
        Map<String, String> deployed = Environment.of(Manifests.base());
        List<String> check = JVM.command("HEALTHCHECK");

        // Then
        assertThat(deployed).containsEntry("JAVA_TOOL_OPTIONS", JVM.pairs("ENV").get("JAVA_TOOL_OPTIONS"));
        assertThat(COMPOSE.healthCheck(ComposeFile.APPLICATION)).endsWith(check.toArray(String[]::new))
                .hasSize(check.size() + 1);
    }
}
