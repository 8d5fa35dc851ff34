package io.orderstream.kafka;

import java.util.Map;

/** Connections to a broker, for tests without Quarkus. */
public final class BrokerConnections {

    private BrokerConnections() {
    }

    public static KafkaConnections to(String bootstrapServers) {
        BootstrapServers servers = new BootstrapServers(bootstrapServers);
        servers.start(null);
        return new KafkaConnections(Map.of("bootstrap.servers", bootstrapServers, "reconnect.backoff.max.ms", "500"), servers);
    }
}
