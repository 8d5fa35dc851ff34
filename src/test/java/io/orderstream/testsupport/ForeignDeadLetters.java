package io.orderstream.testsupport;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;

/** As {@link KafkaAndRegistry}, and the application reads a dead-letter topic of another one, which is not there yet. */
public class ForeignDeadLetters extends KafkaAndRegistry {

    public static final String TOPIC = "payments-dlq";

    private String broker;

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>(super.start());
        settings.put("DLQ_TOPICS", TOPIC);
        broker = settings.get("KAFKA_BOOTSTRAP_SERVERS");
        return settings;
    }

    /** The next application gets it anew. */
    @Override
    public void stop() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            if (admin.listTopics().names().toCompletionStage().toCompletableFuture().join().contains(TOPIC)) {
                admin.deleteTopics(List.of(TOPIC)).all().toCompletionStage().toCompletableFuture().join();
            }
        } finally {
            super.stop();
        }
    }
}
