package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.JavaPrograms;
import kafka.Kafka;
import kafka.docker.KafkaDockerWrapper;

/**
 * What the container of apache/kafka does with its environment, done by the same programs without the container: its
 * wrapper makes server.properties of the variables and formats the storage, and the broker is started with them.
 */
final class KafkaProgram implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> OPTIONS = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    /** What the image brings along, and the wrapper copies. */
    private static final List<String> DEFAULTS = List.of("server.properties", "log4j2.yaml", "tools-log4j2.yaml");

    private final Path configuration;
    private AppProcess broker;

    /** @param directory a directory of its own */
    KafkaProgram(Path directory) throws IOException {
        this.configuration = Files.createDirectories(directory.resolve("config"));
        Path defaults = Files.createDirectories(directory.resolve("defaults"));
        for (String file : DEFAULTS) {
            Files.createFile(defaults.resolve(file));
        }
    }

    /**
     * Makes the configuration, formats the storage, and starts the broker; returns when it is healthy.
     *
     * @param healthCheck command that succeeds when it is
     */
    KafkaProgram start(Map<String, String> environment, List<String> healthCheck) {
        Path directory = configuration.getParent();
        try (AppProcess setup = JavaPrograms.start(KafkaDockerWrapper.class, OPTIONS, new HashMap<>(environment), "setup",
                "--default-configs-dir", directory.resolve("defaults").toString(), "--mounted-configs-dir",
                directory.resolve("mounted").toString(), "--final-configs-dir", configuration.toString())) {
            if (setup.awaitExit(PATIENCE) != 0) {
                throw new AssertionError("the container would not start" + setup.lastLines());
            }
        }
        broker = JavaPrograms.start(Kafka.class, OPTIONS, Map.of(), configuration.resolve("server.properties").toString());
        await().atMost(PATIENCE).until(() -> isHealthy(healthCheck));
        return this;
    }

    private boolean isHealthy(List<String> healthCheck) {
        assertThat(broker.isAlive()).as(broker.lastLines()).isTrue();
        try (AppProcess check = AppProcess.start(healthCheck, configuration, Map.of())) {
            return check.awaitExit(PATIENCE) == 0;
        }
    }

    /** The broker's configuration as the container would have it. */
    Properties properties() throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newInputStream(configuration.resolve("server.properties"))) {
            properties.load(in);
        }
        return properties;
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        }
    }
}
