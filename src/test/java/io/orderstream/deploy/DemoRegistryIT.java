package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Probe;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.Ports;

/** The registry of the demonstration as a process, with the variables of its Deployment, beside the demonstration's broker. */
@Tag("full")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
class DemoRegistryIT {

    private static final Path PROGRAM = Path.of("target", "apicurio", "quarkus-run.jar").toAbsolutePath();

    @TempDir
    private Path directory;

    private final int port = Ports.free();
    private final int managementPort = Ports.free();
    private Manifests demo;
    @AutoClose
    private DemoBroker broker;
    @AutoClose
    private AppProcess registry;
    @AutoClose
    private PodProcess application;

    @Test
    void shouldKeepTheSchemasOfTheApplicationAcrossARestart() throws IOException {
        // Given
        Optional<Path> java = Jdks.find(release -> release >= 21);
        assumeTrue(Files.exists(PROGRAM), "Apicurio Registry is not in target/apicurio: run ./mvnw verify -Pfull");
        assumeTrue(java.isPresent(), "Apicurio Registry needs a JDK 21 or later: set JAVA21_HOME");
        demo = Manifests.rendered(Manifests.DEMO);
        broker = new DemoBroker(directory);
        broker.here().with("schema-registry:8081", "localhost:" + port);
        broker.start(demo);

        // When
        start(java.get());
        Workload workload = Workload.application(demo);
        application = new PodProcess(workload, broker.here().translate(Environment.of(demo, workload)),
                Files.createDirectory(directory.resolve("work")));

        // Then
        awaitStarted();
        await().atMost(PATIENCE).until(application::hasStarted);
        assertThat(get(port, "/apis/ccompat/v7/subjects").body().toString()).contains("orders-value");
        assertThat(get(port, "/apis/ccompat/v7/config").body().toString()).contains("BACKWARD");

        // And its schemas are in the broker
        registry.close();
        start(java.get());
        awaitStarted();
        assertThat(get(port, "/apis/ccompat/v7/subjects").body().toString()).contains("orders-value");
    }

    private void start(Path java) throws IOException {
        Map<String, String> environment = new HashMap<>(
                broker.here().translate(Environment.of(demo, Workload.named(demo, "schema-registry"))));
        environment.putAll(Map.of("QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", Integer.toString(port),
                "QUARKUS_MANAGEMENT_HOST", "127.0.0.1", "QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort)));
        Path work = Files.createTempDirectory(directory, "registry");
        List<String> command = new ArrayList<>(List.of(java.resolve("bin/java").toString()));
        command.addAll(JavaPrograms.FRUGAL);
        command.addAll(List.of("-jar", PROGRAM.toString()));
        registry = AppProcess.start(command, work, environment);
    }

    private void awaitStarted() {
        Container container = Workload.named(demo, "schema-registry").container();
        assertThat(container.getPorts()).extracting(ContainerPort::getName).containsExactly("http", "management");
        for (Probe probe : List.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())) {
            assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
            await().atMost(PATIENCE).untilAsserted(
                    () -> assertThat(get(managementPort, probe.getHttpGet().getPath()).status()).isEqualTo(200));
        }
    }

    private static Answer get(int port, String path) {
        return new ApiClient("http://127.0.0.1:" + port).get(path);
    }
}
