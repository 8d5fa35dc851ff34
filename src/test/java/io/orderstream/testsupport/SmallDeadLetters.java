package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

import io.orderstream.dev.EmbeddedKafka;

/**
 * A broker whose dead-letter topic exists already, and takes only small records. Everybody may do everything, unless a test
 * denies it.
 */
public class SmallDeadLetters extends KafkaAndRegistry {

    public static final int MAX_BYTES = 2_000;
    public static final int PARTITIONS = 6;

    private EmbeddedKafka kafka;

    @Override
    protected String broker() {
        try {
            kafka = new EmbeddedKafka(0, Files.createTempDirectory("orderstream-test"),
                    Map.of("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                            "allow.everyone.if.no.acl.found", "true"))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return kafka.bootstrapServers();
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>(super.start());
        create(topics(), settings.get("ORDERS_DLQ_TOPIC"), PARTITIONS);
        return settings;
    }

    /** Makes the topic of dead letters as it was at first, but for the number of its partitions. */
    public static void create(TopicClient topics, String name, int partitions) {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty())
                .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_BYTES)));
        topics.admin().createTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void stop() {
        super.stop();
        if (kafka != null) {
            kafka.close();
        }
    }
}
