package io.orderstream.deploy;

import java.io.IOException;
import java.nio.file.Path;

import io.orderstream.testsupport.Ports;

/** The broker of the demonstration as a process, with the variables of its StatefulSet. To be used by one thread. */
final class DemoBroker implements AutoCloseable {

    private final Path directory;
    private final String address = "localhost:" + Ports.free();
    private final Here here;
    private KafkaServer server;

    /** @param directory for what it would have in volumes */
    DemoBroker(Path directory) {
        this.directory = directory;
        this.here = new Here().with("kafka-0.kafka:9092", address).with("kafka:9092", address)
                .with("//:9092", "//" + address).with("localhost:9093", "localhost:" + Ports.free())
                .with("/var/lib", directory);
    }

    /** What is its address here, for those who call it. */
    Here here() {
        return here;
    }

    void start(Manifests demo) throws IOException {
        Path properties = KafkaServer.properties(directory,
                here.translate(Environment.of(demo, Workload.named(demo, "kafka"))));
        server = new KafkaServer(properties, address);
    }

    /** Ends it without a chance to say goodbye. */
    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
