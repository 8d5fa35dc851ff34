package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.JavaPrograms;
import kafka.Kafka;
import kafka.docker.KafkaDockerWrapper;

/** A broker as a process, with whatever properties a file has. */
final class KafkaServer implements AutoCloseable {

    /** What the brokers people run log by, in the place of the file of the image. */
    static final Path LOG = Manifests.DEMO.resolve("kafka/log4j2.yaml");

    private final AppProcess process;

    /**
     * Starts it, and returns when it takes connections.
     *
     * @param properties server.properties; its directories are formatted
     * @param bootstrapServers a listener that asks nobody for a name
     */
    KafkaServer(Path properties, String bootstrapServers) {
        process = JavaPrograms.start(KafkaServer.class, JavaPrograms.FRUGAL, Map.of(), properties.toString(),
                Long.toString(ProcessHandle.current().pid()));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            await().atMost(PATIENCE).ignoreException(ExecutionException.class).until(() -> {
                assertThat(process.isAlive()).isTrue();
                return !admin.describeCluster().nodes().get().isEmpty();
            });
        } catch (RuntimeException | Error e) {
            process.close();
            throw new AssertionError("the broker does not run" + process.lastLines(), e);
        }
    }

    /**
     * Kafka's own program, which ends with the program that wants it.
     *
     * @param args the file of its properties, and the process id of the program that wants it
     */
    public static void main(String[] args) {
        // A test that is killed closes nothing, and nobody else knows of this process.
        ProcessHandle.of(Long.parseLong(args[1])).orElseThrow().onExit().thenRun(() -> Runtime.getRuntime().halt(1));
        Kafka.main(new String[] { args[0] });
    }

    /**
     * As the container of apache/kafka, by its own program: makes server.properties of the variables, and formats the storage.
     */
    static Path properties(Path directory, Map<String, String> environment) throws IOException {
        Path config = Files.createDirectory(directory.resolve("config"));
        Path defaults = Files.createDirectory(directory.resolve("defaults"));
        for (String name : List.of("server.properties", "log4j2.yaml", "tools-log4j2.yaml")) {
            Files.createFile(defaults.resolve(name));
        }
        Path mounted = Files.createDirectory(directory.resolve("mounted"));
        Files.copy(LOG, mounted.resolve("log4j2.yaml"));
        try (AppProcess setup = JavaPrograms.start(KafkaDockerWrapper.class, JavaPrograms.FRUGAL, environment, "setup",
                "--default-configs-dir", defaults.toString(), "--mounted-configs-dir", mounted.toString(),
                "--final-configs-dir", config.toString())) {
            assertThat(setup.awaitExit(PATIENCE)).as(setup::lastLines).isZero();
        }
        assertThat(Yaml.read(config.resolve("log4j2.yaml"))).as("what it logs by").isEqualTo(Yaml.read(LOG));
        return config.resolve("server.properties");
    }

    /** Ends it without a chance to say goodbye. */
    @Override
    public void close() {
        process.close();
    }
}
