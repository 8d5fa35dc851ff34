package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.BrokerProcess;
import io.orderstream.testsupport.JavaPrograms;
import kafka.docker.KafkaDockerWrapper;

/** The broker of the demonstration as a process, with the variables of its StatefulSet. To be used by one thread. */
final class DemoBroker implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final int port = BrokerProcess.freePort();
    private final Here here;
    private KafkaServer server;

    /** @param directory for what it would have in volumes */
    DemoBroker(Path directory) {
        this.directory = directory;
        this.here = new Here().with("kafka-0.kafka:9092", address()).with("kafka:9092", address())
                .with("//:9092", "//" + address()).with("localhost:9093", "localhost:" + BrokerProcess.freePort())
                .with("/var/lib", directory);
    }

    /** Where it listens, from the beginning on. */
    private String address() {
        return "localhost:" + port;
    }

    /** What is its address here, for those who call it. */
    Here here() {
        return here;
    }

    /** As the image does: its own program makes the properties from the variables, and formats the directory. */
    void start(Manifests demo) throws IOException {
        Path config = Files.createDirectory(directory.resolve("config"));
        Path defaults = Files.createDirectory(directory.resolve("defaults"));
        for (String name : new String[] { "server.properties", "log4j2.yaml", "tools-log4j2.yaml" }) {
            Files.createFile(defaults.resolve(name));
        }
        Path mounted = Files.createDirectory(directory.resolve("mounted"));
        Files.copy(BrokerLog.FILE, mounted.resolve(BrokerLog.NAME));
        AppProcess setup = JavaPrograms.start(KafkaDockerWrapper.class, JavaPrograms.FRUGAL,
                here.translate(Environment.of(demo, Workload.named(demo, "kafka"))), "setup", "--default-configs-dir",
                defaults.toString(), "--mounted-configs-dir", mounted.toString(), "--final-configs-dir",
                config.toString());
        assertThat(setup.awaitExit(PATIENCE)).as(setup::lastLines).isZero();
        assertThat(Yaml.read(config.resolve(BrokerLog.NAME))).as("what it logs by").isEqualTo(Yaml.read(BrokerLog.FILE));
        server = new KafkaServer(config.resolve("server.properties"), address());
    }

    /** Ends it without a chance to say goodbye. */
    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
