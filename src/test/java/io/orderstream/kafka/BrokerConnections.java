package io.orderstream.kafka;

import java.util.HashMap;
import java.util.Map;

import io.orderstream.testsupport.NamedTls;

/** Connections to a broker, for tests without Quarkus. */
public final class BrokerConnections {

    private BrokerConnections() {
    }

    public static KafkaConnections to(String bootstrapServers) {
        return as(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** @param client properties of all clients, by which the broker knows who they are */
    public static KafkaConnections as(Map<String, Object> client) {
        BootstrapServers servers = new BootstrapServers((String) client.get("bootstrap.servers"),
                (String) client.getOrDefault("security.protocol", "PLAINTEXT"));
        servers.start(null);
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("reconnect.backoff.max.ms", "500");
        return new KafkaConnections(properties, servers, new KafkaTls(NamedTls.NONE));
    }

    /** Closes what all clients of these connections share; null for none. */
    public static void close(KafkaConnections connections) {
        if (connections != null) {
            connections.close(null);
        }
    }
}
