package io.orderstream.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.record.CompressionType;
import org.eclipse.microprofile.config.Config;

import io.smallrye.reactive.messaging.ClientCustomizer;

/**
 * Enforces properties of the Kafka clients of all channels, whatever is configured, before SmallRye creates them.
 * <p>
 * Some cannot be configured: SmallRye 4.31 ignores {@code dead-letter-queue.*} except the topic, so dead letters
 * would be written with its default of {@code acks=1} (OrderGeneratorFullTest checks the producers created).
 */
@ApplicationScoped
public class KafkaClients implements ClientCustomizer<Map<String, Object>> {

    /**
     * Largest record a producer sends, before compression. A record that was compressed where it comes from is far larger than
     * its topic allows, and Kafka's producer compares its size before it compresses it.
     */
    static final int LARGEST_UNCOMPRESSED_BYTES = 64 * 1024 * 1024;
    /** Beyond it a producer waits; memory is used only as far as it is needed. */
    static final long BUFFER_BYTES = 2L * LARGEST_UNCOMPRESSED_BYTES;

    /** How long a dead letter is tried before the writer looks what is the matter, and tries it again. */
    private static final Duration DEAD_LETTER_TIMEOUT = Duration.ofMinutes(1);
    /** How long a dead letter waits for its topic to be known, and holds up those behind it. */
    private static final Duration DEAD_LETTER_TOPIC_TIMEOUT = Duration.ofSeconds(15);
    /**
     * So often the heartbeat thread of Kafka 4.1's consumer wakes up to see whether a heartbeat is due, as it takes the time
     * between two tries for it. By default that is ten times a second for each consumer.
     */
    private static final int HEARTBEAT_LOOK_MILLIS = 500;
    private static final String KEEP_TOPICS_MILLIS = Long.toString(Duration.ofDays(1).toMillis());
    /** {@code TotalsCommitFactory.STRATEGY}, which this package does not know. */
    private static final String OWN_COMMITS = "totals";
    private static final int LAST = Integer.MAX_VALUE;
    static final String DEAD_LETTER_CLIENT = "kafka-dead-letter-topic-producer-";

    private final KafkaSettings settings;
    private final KafkaTls tls;

    KafkaClients(KafkaSettings settings, KafkaTls tls) {
        this.settings = settings;
        this.tls = tls;
    }

    /** After Quarkus' own customizer, whose connections do not take certificates that were renewed. */
    @Override
    public int getPriority() {
        return LAST;
    }

    @Override
    public Map<String, Object> customize(String channel, Config channelConfig, Map<String, Object> client) {
        tls.complete(client, client);
        if (client.containsKey(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG)) {
            producer(client, settings.deliveryTimeout().toMillis());
        } else {
            // A record of an aborted transaction is nobody's, and with one of an open one the committed offset is not stable.
            client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            consumer(channelConfig, client);
            // Not a channel property: Kafka does not accept an empty name.
            settings.groupInstanceId().ifPresent(name -> client.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
        }
        return client;
    }

    /**
     * The commit strategy of a pipeline looks itself where to read, so that nothing is passed over without a word, and
     * a pipeline takes its records by the partition. Interceptors that are configured come before and see them one by one.
     */
    private static void consumer(Config channel, Map<String, Object> client) {
        if (channel.getOptionalValue("commit-strategy", String.class).filter(OWN_COMMITS::equals).isPresent()) {
            client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
            List<Object> interceptors = new ArrayList<>((List<?>) ConfigDef.parseType(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
                    client.getOrDefault(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ""), ConfigDef.Type.LIST));
            interceptors.add(PolledPartition.Interceptor.class);
            client.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, interceptors);
        }
        client.putIfAbsent(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, Integer.toString(HEARTBEAT_LOOK_MILLIS));
    }

    private static void producer(Map<String, Object> client, long deliveryTimeoutMillis) {
        client.put(ProducerConfig.ACKS_CONFIG, "all");
        client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        if (String.valueOf(client.get(ProducerConfig.CLIENT_ID_CONFIG)).startsWith(DEAD_LETTER_CLIENT)) {
            deadLetters(client);
        } else {
            oneTry(client, deliveryTimeoutMillis);
        }
    }

    /**
     * A dead letter is tried until it is written, by DeadLetterWriter. Each try has a limit, since a letter for a
     * partition that a topic made anew no longer has would never get an answer.
     */
    private static void deadLetters(Map<String, Object> client) {
        // SmallRye's channel attribute of the same name would be passed on.
        client.put(ProducerConfig.RETRIES_CONFIG, Integer.toString(Integer.MAX_VALUE));
        client.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(DEAD_LETTER_TIMEOUT.toMillis()));
        client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(DEAD_LETTER_TOPIC_TIMEOUT.toMillis()));
        client.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(LARGEST_UNCOMPRESSED_BYTES));
        client.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(BUFFER_BYTES));
        client.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, CompressionType.GZIP.name);
        // No batching: Kafka 4.1.1 cannot split a batch with one record that is too large if its topic takes no batch of
        // batch.size. It tries it unchanged until all its records have expired, or its thread has ended with a stack overflow
        // (KAFKA-8350).
        client.put(ProducerConfig.BATCH_SIZE_CONFIG, "0");
        client.put(ProducerConfig.LINGER_MS_CONFIG, "0");
    }

    /** Limits one attempt to write, whatever it waits for. Kafka's retries within it are covered by idempotence. */
    private static void oneTry(Map<String, Object> client, long deliveryTimeoutMillis) {
        // SmallRye's channel attribute of the same name would be passed on.
        client.put(ProducerConfig.RETRIES_CONFIG, Integer.toString(Integer.MAX_VALUE));
        client.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(deliveryTimeoutMillis));
        client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(deliveryTimeoutMillis));
        // By default a client drops its metadata when no broker answers, and each send then waits for it, one after
        // another: giving up a thousand orders would take hours. It must not expire between two orders either.
        client.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
        client.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, KEEP_TOPICS_MILLIS);
        // Kafka requires delivery.timeout.ms to be at least linger.ms plus request.timeout.ms.
        long longestRequest = deliveryTimeoutMillis - number(client, ProducerConfig.LINGER_MS_CONFIG);
        client.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Long.toString(Math.min(number(client, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), longestRequest)));
    }

    private static long number(Map<String, Object> client, String name) {
        Object set = client.get(name);
        return Long.parseLong(String.valueOf(set == null ? ProducerConfig.configDef().defaultValues().get(name) : set));
    }
}
