package io.orderstream.testsupport;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** A broker whose topic of orders exists already, and takes none until a test lets it. */
public class RefusingOrders extends KafkaAndRegistry {

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.get("KAFKA_BOOTSTRAP_SERVERS")))) {
            NewTopic topic = new NewTopic(settings.get("ORDERS_TOPIC"), Optional.of(6), Optional.empty())
                    .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1"));
            admin.createTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture().join();
        }
        return settings;
    }
}
