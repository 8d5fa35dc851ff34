package io.orderstream.redrive;

import java.time.Duration;
import java.util.Map;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;

import io.orderstream.kafka.KafkaConnections;

/**
 * What the runner's thread works with; made and closed on it.
 *
 * @param leader tells whether this instance runs jobs
 * @param reader reads letters
 * @param sender sends them
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
