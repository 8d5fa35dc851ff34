package io.orderstream.redrive;

import java.time.Duration;
import java.util.Map;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;

import io.orderstream.kafka.KafkaConnections;

/**
 * Kafka clients of the runner; created, used and closed on its thread.
 *
 * @param leader determines whether this instance runs jobs
 * @param reader reads dead letters
 * @param sender sends them to their target topics
 */
record RedriveClients(RedriveLeader leader, Consumer<byte[], byte[]> reader, RedriveSender sender) implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    static RedriveClients connect(KafkaConnections connections, String jobsTopic, String group, Duration session) {
        return new RedriveClients(new RedriveLeader(connections, jobsTopic, group, session),
                connections.consumer("redrive-reader", Map.of()), new RedriveSender(connections, session));
    }

    @Override
    public void close() {
        try (leader; sender) {
            reader.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        }
    }
}
