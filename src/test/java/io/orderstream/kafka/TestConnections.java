package io.orderstream.kafka;

import java.util.Map;

/** Connections to a test's own broker, where there is no container to make them. */
public final class TestConnections {

    private TestConnections() {
    }

    public static KafkaConnections to(String bootstrapServers) {
        return new KafkaConnections(Map.of("bootstrap.servers", bootstrapServers, "reconnect.backoff.max.ms", "500"));
    }
}
