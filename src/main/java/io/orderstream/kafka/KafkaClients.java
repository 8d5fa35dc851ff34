package io.orderstream.kafka;

import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

import io.smallrye.reactive.messaging.ClientCustomizer;

/**
 * What must hold for every Kafka client of every channel, whatever its properties say. Called by SmallRye before it makes one.
 * <p>
 * Some of it properties cannot do here: SmallRye 4.31 ignores {@code dead-letter-queue.*} but for the topic, so that
 * dead letters would be written with its default of {@code acks=1} (OrderGeneratorTest looks at the producers that
 * are made).
 */
@ApplicationScoped
public class KafkaClients implements ClientCustomizer<Map<String, Object>> {

    /** A dead letter is its record and some headers: a record of the largest size a broker takes by default must still fit. */
    public static final int LARGEST_RECORD_BYTES = 4 * 1024 * 1024;

    private static final String DEAD_LETTER_CLIENT = "kafka-dead-letter-topic-producer-";

    private final KafkaSettings settings;

    KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    @Override
    public Map<String, Object> customize(String channel, Config channelConfig, Map<String, Object> client) {
        if (client.containsKey(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG)) {
            producer(client);
        } else {
            // No property of its own: Kafka takes a name that is not empty, or none.
            settings.groupInstanceId().ifPresent(name -> client.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
        }
        return client;
    }

    private static void producer(Map<String, Object> client) {
        client.put(ProducerConfig.ACKS_CONFIG, "all");
        client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        if (String.valueOf(client.get(ProducerConfig.CLIENT_ID_CONFIG)).startsWith(DEAD_LETTER_CLIENT)) {
            // The offset waits for the dead letter as long as the broker is away. Giving up would be worse than waiting:
            // SmallRye closes its dead-letter channel for good at the first failure.
            client.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
            client.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(LARGEST_RECORD_BYTES));
        }
    }
}
