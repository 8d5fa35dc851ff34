package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.dev.EmbeddedRegistry;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.Ports;

/**
 * The demonstration, with processes in place of pods: the broker and the application with the environment the manifests give
 * them, the application's probes asked as they are written.
 */
@Tag("full")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
class DemoIT {

    @TempDir
    private Path directory;

    private final int registryPort = Ports.free();
    private Manifests demo;
    private Here here;
    @AutoClose
    private DemoBroker broker;
    @AutoClose
    private EmbeddedRegistry registry;
    @AutoClose
    private PodProcess application;

    @BeforeEach
    void readTheManifests() {
        broker = new DemoBroker(directory);
        demo = Manifests.rendered(Manifests.DEMO);
        // The embedded one has its API at the root.
        here = broker.here().with("schema-registry:8081/apis/ccompat/v7", "localhost:" + registryPort);
    }

    @Test
    void shouldStartBeforeItsBrokerAndStopInTime() throws IOException {
        // Given
        Path work = Files.createDirectory(directory.resolve("work"));
        startApplication(work);

        // Then
        assertThat(application.hasStarted()).isFalse();
        assertThat(application.isReady()).isFalse();
        assertThat(application.isLive()).isTrue();

        // When
        broker.start(demo);
        assertThat(application.hasStarted()).isFalse();
        registry = new EmbeddedRegistry(registryPort, null);

        // Then
        await().atMost(PATIENCE).until(application::hasStarted);
        await().atMost(PATIENCE).until(application::isReady);
        awaitWork();
        assertThat(application.isLive()).isTrue();
        assertThat(directory.resolve("orderstream/spool")).isDirectory();
        long megabytes = application.megabytes();
        Duration stop = application.stop();
        assertThat(work).isEmptyDirectory();
        assertThat(megabytes).as("0 where the system does not tell").isLessThan(Workload.application(demo).megabytes());
        System.out.printf("demo: memory=%dMiB stop=%dms%n", megabytes, stop.toMillis());
    }

    @Test
    void shouldStopInTimeWhileTheBrokerIsAway() throws IOException {
        // Given
        broker.start(demo);
        registry = new EmbeddedRegistry(registryPort, null);
        startApplication(Files.createDirectory(directory.resolve("work")));
        awaitWork();

        // When
        broker.close();
        await().atMost(PATIENCE).until(() -> !application.isReady());

        // Then
        assertThat(application.isLive()).isTrue();
        System.out.printf("demo: stop without a broker=%dms%n", application.stop().toMillis());
    }

    private void startApplication(Path work) {
        Workload workload = Workload.application(demo);
        application = new PodProcess(workload, here.translate(Environment.of(demo, workload)), work);
    }

    private void awaitWork() {
        OrderApp api = new OrderApp(application.url());
        await().atMost(PATIENCE).until(() -> api.finished() > 2);
        for (String pipeline : List.of("events", "tracker")) {
            await().atMost(PATIENCE).until(() -> api.get("/api/" + pipeline + "/stats").get("received").asLong() > 2);
        }
    }
}
