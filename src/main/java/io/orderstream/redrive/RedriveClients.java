package io.orderstream.redrive;

import java.time.Duration;

import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.TopicReader;

/**
 * Kafka clients of the runner; created, used and closed on its thread.
 *
 * @param leader determines whether this instance runs jobs
 * @param reader reads dead letters
 * @param sender sends them to their target topics
 */
record RedriveClients(RedriveLeader leader, TopicReader reader, RedriveSender sender) implements AutoCloseable {

    static RedriveClients connect(KafkaConnections connections, String jobsTopic, String group, Duration session) {
        return new RedriveClients(new RedriveLeader(connections, jobsTopic, group, session),
                new TopicReader(connections, "redrive-reader"), new RedriveSender(connections, session));
    }

    /** Closes what only a job needs; the next job makes it anew. */
    void rest() {
        reader.close();
        sender.close();
    }

    @Override
    public void close() {
        try (leader; sender; reader) {
            // closes each of them, whatever becomes of the others
        }
    }
}
