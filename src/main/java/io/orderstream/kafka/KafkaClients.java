package io.orderstream.kafka;

import java.time.Duration;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

import io.smallrye.reactive.messaging.ClientCustomizer;

/**
 * What must hold for every Kafka client of every channel, whatever its properties say. Called by SmallRye before it makes one.
 * <p>
 * Some of it properties cannot do here: SmallRye 4.31 ignores {@code dead-letter-queue.*} but for the topic, so that
 * dead letters would be written with its default of {@code acks=1} (OrderGeneratorFullTest looks at the producers that
 * are made).
 */
@ApplicationScoped
public class KafkaClients implements ClientCustomizer<Map<String, Object>> {

    /** A dead letter is its record and some headers: a record of the largest size a broker takes by default must still fit. */
    public static final int LARGEST_RECORD_BYTES = 4 * 1024 * 1024;

    private static final String KEEP_TOPICS_MILLIS = Long.toString(Duration.ofDays(1).toMillis());
    static final String DEAD_LETTER_CLIENT = "kafka-dead-letter-topic-producer-";

    private final KafkaSettings settings;

    KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    @Override
    public Map<String, Object> customize(String channel, Config channelConfig, Map<String, Object> client) {
        if (client.containsKey(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG)) {
            producer(client, settings.deliveryTimeout().toMillis());
        } else {
            // No property of its own: Kafka takes a name that is not empty, or none.
            settings.groupInstanceId().ifPresent(name -> client.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
        }
        return client;
    }

    private static void producer(Map<String, Object> client, long deliveryTimeoutMillis) {
        client.put(ProducerConfig.ACKS_CONFIG, "all");
        client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        if (String.valueOf(client.get(ProducerConfig.CLIENT_ID_CONFIG)).startsWith(DEAD_LETTER_CLIENT)) {
            // The offset waits for the dead letter as long as the broker is away. Giving up would be worse than waiting:
            // SmallRye closes its dead-letter channel for good at the first failure.
            client.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
            // Before a letter counts as sent its topic has to be known, which the first one, or the first after an outage of five
            // minutes, waits for on the channel's sending thread.
            client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(Long.MAX_VALUE));
            client.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(LARGEST_RECORD_BYTES));
        } else {
            oneTry(client, deliveryTimeoutMillis);
        }
    }

    /**
     * How long one try to write may take, whatever it waits for. Kafka's own retries in it are those its idempotence covers.
     */
    private static void oneTry(Map<String, Object> client, long deliveryTimeoutMillis) {
        // The channel's attribute of that name is SmallRye's, and comes through to here.
        client.put(ProducerConfig.RETRIES_CONFIG, Integer.toString(Integer.MAX_VALUE));
        client.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(deliveryTimeoutMillis));
        client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(deliveryTimeoutMillis));
        // By its default a client forgets its topics when no broker answers, and each write then waits for them, alone and one
        // after another: a thousand orders would take hours to be given up. Nor are they forgotten between two orders.
        client.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
        client.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, KEEP_TOPICS_MILLIS);
        // Kafka's rule: a request and the time a batch may linger fit into it.
        long longestRequest = deliveryTimeoutMillis - number(client, ProducerConfig.LINGER_MS_CONFIG);
        client.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Long.toString(Math.min(number(client, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), longestRequest)));
    }

    private static long number(Map<String, Object> client, String name) {
        Object set = client.get(name);
        return Long.parseLong(String.valueOf(set == null ? ProducerConfig.configDef().defaultValues().get(name) : set));
    }
}
