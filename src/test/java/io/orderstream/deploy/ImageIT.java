package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.Ports;

/**
 * The image Jib builds: what it says of itself, what is in it, and that it runs. The Java of its base is replaced by
 * that of this machine; with {@code -Pimage} it has a base, else it has none.
 */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the image is for Linux")
class ImageIT {

    private static final Path ARCHIVE = Path.of(System.getProperty("image.tar", "target/image-without-base.tar"));
    private static final Dockerfile DOCKERFILE = Dockerfile.read(Dockerfile.JVM);
    private static final String SPOOL = "/var/lib/orderstream";

    private OciImage image;

    @BeforeAll
    void unpack(@TempDir Path directory) throws IOException {
        image = OciImage.unpack(ARCHIVE, directory);
    }

    @Test
    void shouldSayOfItselfWhatTheDockerfileSays() {
        // When
        JsonNode configuration = image.configuration();

        // Then
        assertThat(configuration.required("User").asText()).isEqualTo(DOCKERFILE.one("USER"));
        // Jib runs nothing, so that it cannot make the cache.
        assertThat(Yaml.texts(configuration.required("Entrypoint"))).isEqualTo(
                DOCKERFILE.command("ENTRYPOINT").stream().filter(word -> !word.startsWith("-XX:AOTCache=")).toList());
        assertThat(configuration.required("WorkingDir").asText()).isEqualTo(DOCKERFILE.one("WORKDIR"));
        assertThat(Yaml.fields(configuration.required("ExposedPorts")).keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(DOCKERFILE.one("EXPOSE").split(" ")).map(p -> p + "/tcp").toList());
        assertThat(Yaml.texts(configuration.required("Env")))
                .containsAll(DOCKERFILE.pairs("ENV").entrySet().stream().map(Map.Entry::toString).toList());
        Map<String, JsonNode> labels = Yaml.fields(configuration.required("Labels"));
        assertThat(DOCKERFILE.pairs("LABEL")).isNotEmpty()
                .allSatisfy((name, value) -> assertThat(labels.get(name).asText()).as(name).isEqualTo(value));
        assertThat(labels.get("org.opencontainers.image.version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    /** A path of the container, on this machine. */
    private Path path(String inContainer) {
        return image.root().resolve(inContainer.substring(1));
    }

    @Test
    void shouldBeReadableForItsUserAndWritableAtTheSpoolOnly() throws IOException {
        // When
        List<Path> ours = new ArrayList<>(all(path("/deployments")));
        ours.addAll(all(path(SPOOL)));

        // Then
        assertThat(ours).allSatisfy(path -> {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            assertThat(permissions).contains(PosixFilePermission.OTHERS_READ);
            assertThat(permissions.contains(PosixFilePermission.OTHERS_WRITE)).isEqualTo(path.equals(path(SPOOL)));
        });
        assertThat(DOCKERFILE.pairs("ENV").get("SPOOL_DIRECTORY")).isEqualTo(SPOOL + "/spool");
        assertThat(all(image.root())).filteredOn(Files::isRegularFile)
                .as("what Jib would take for the application, classes of dev mode included")
                .noneMatch(file -> file.startsWith(path("/app")));
    }

    @Test
    void shouldComeWithTheBillOfMaterialsAsTheOneOfTheDockerfileDoes() {
        // Given
        Path sbom = Path.of("target", "quarkus-run-cyclonedx.json");

        // Then
        assertThat(path("/deployments").resolve(sbom.getFileName())).hasSameBinaryContentAs(sbom);
        assertThat(Manifests.read(Dockerfile.JVM)).contains("\nCOPY --from=build /build/" + sbom + " ./\n");
    }

    private static List<Path> all(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.toList();
        }
    }

    @Test
    void shouldProcessOrdersAndSayThatItIsHealthy(@TempDir Path directory) throws Exception {
        // Given
        List<Path> before = all(image.root());
        int metricsPort = Ports.free();
        try (PackagedApps broker = new PackagedApps(directory);
                AppProcess app = start(broker, metricsPort)) {

            // When
            OrderApp api = new OrderApp(
                    "http://localhost:" + app.awaitLine("Listening on: http://[^:]+:(\\d+)", PATIENCE).group(1));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.finished()).isEqualTo(20));

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(healthCheck(metricsPort)).isZero());
            assertThat(scrape(metricsPort)).contains("jvm_memory_used_bytes");
            app.terminate();
            assertThat(app.awaitExit(PATIENCE)).isEqualTo(143);
            assertThat(healthCheck(metricsPort)).isNotZero();
        }
        assertThat(all(image.root())).filteredOn(file -> !file.startsWith(path(SPOOL)))
                .containsExactlyInAnyOrderElementsOf(before.stream().filter(file -> !file.startsWith(path(SPOOL))).toList());
    }

    private AppProcess start(PackagedApps broker, int metricsPort) {
        Map<String, String> environment = new HashMap<>(PackagedApps.ownTopics());
        environment.putAll(Map.of("HTTP_PORT", "0", "METRICS_PORT", Integer.toString(metricsPort), "KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "SCHEMA_REGISTRY_URL", broker.registryUrl(), "ORDERS_COUNT", "20", "ORDERS_INTERVAL", "5ms",
                "RETRY_BACKOFF_SECONDS", "0.05"));
        for (String variable : Yaml.texts(image.configuration().required("Env"))) {
            String[] pair = variable.split("=", 2);
            if (pair[0].equals("SPOOL_DIRECTORY")) {
                environment.put(pair[0], path(pair[1]).toString());
            } else if (pair[0].equals("JAVA_TOOL_OPTIONS")) {
                environment.put(pair[0], pair[1]);
            }
        }
        List<String> command = new ArrayList<>(Yaml.texts(image.configuration().required("Entrypoint")));
        assertThat(command.get(0)).isEqualTo("java");
        command.set(0, Jdks.own().resolve("bin/java").toString());
        return AppProcess.start(command, path(image.configuration().required("WorkingDir").asText()), environment);
    }

    /** The exit code of the container's health check. */
    private static int healthCheck(int metricsPort) {
        try (AppProcess check = AppProcess.start(DOCKERFILE.command("HEALTHCHECK"), Path.of("").toAbsolutePath(),
                Map.of("METRICS_PORT", Integer.toString(metricsPort)))) {
            return check.awaitExit(PATIENCE);
        }
    }

    /** What Prometheus gets, asked as its file has it. */
    private static String scrape(int metricsPort) throws IOException, InterruptedException {
        String path = Yaml.read(Path.of("src/main/monitoring/prometheus/prometheus.yml")).path("scrape_configs").path(0)
                .path("metrics_path").asText();
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create("http://localhost:" + metricsPort + path)).build(),
                        BodyHandlers.ofString())
                .body();
    }
}
