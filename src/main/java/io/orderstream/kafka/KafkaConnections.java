package io.orderstream.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.orderstream.support.Lifecycle;
import io.smallrye.common.annotation.Identifier;

/**
 * Makes Kafka clients for what a channel cannot do: reading without a group, sending at a rate, transactions. They have the
 * connection and security settings all clients share, and carry bytes. Who makes one closes it; the admin client is one for
 * all.
 */
@ApplicationScoped
public class KafkaConnections {

    /** Callers that wait for a response can retry. */
    private static final int API_TIMEOUT_MILLIS = 5_000;
    // The admin client tells all others when a broker is back.
    private static final int LONGEST_RECONNECT_MILLIS = 500;

    /**
     * A thread keeps a direct buffer as large as the largest answer it has read, and many threads read. With Kafka's
     * 50 MB such a buffer holds 1 MB of each partition.
     */
    private static final int LARGEST_FETCH_BYTES = 1 << 20;

    private final Map<String, Object> kafka;
    private final BootstrapServers servers;
    private final KafkaTls tls;
    private Admin admin;
    private boolean closed;

    KafkaConnections(@Identifier("default-kafka-broker") Map<String, Object> kafka, BootstrapServers servers, KafkaTls tls) {
        this.kafka = kafka;
        this.tls = tls;
        this.servers = servers;
    }

    /**
     * Creates a consumer without automatic commits that starts at the earliest offset and reads committed records
     * only: those of an aborted transaction are nobody's. To such a consumer a partition ends before the first
     * record of an open transaction. Not thread safe.
     *
     * @param clientId shown in the broker's logs and metrics
     * @param more further properties, which win
     * @throws org.apache.kafka.common.KafkaException if no host name of the brokers can be resolved yet
     */
    public Consumer<byte[], byte[]> consumer(String clientId, Map<String, Object> more) {
        Map<String, Object> config = shared(ConsumerConfig.configNames(), clientId);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        config.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, LARGEST_FETCH_BYTES);
        config.putAll(more);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Creates an idempotent producer with {@code acks=all}. Thread safe.
     *
     * @param clientId shown in the broker's logs and metrics
     * @param more further properties, which win
     * @throws org.apache.kafka.common.KafkaException if no host name of the brokers can be resolved yet
     */
    public Producer<byte[], byte[]> producer(String clientId, Map<String, Object> more) {
        Map<String, Object> config = shared(ProducerConfig.configNames(), clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, KafkaClients.LARGEST_UNCOMPRESSED_BYTES);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, KafkaClients.BUFFER_BYTES);
        config.putAll(more);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Returns the admin client, which all share; do not close it. It is made at the first call; as long as it cannot be, each
     * call throws. As a bean it is made at the first call of one of its methods. Thread safe.
     */
    @Produces
    @ApplicationScoped
    public synchronized Admin admin() {
        if (closed) {
            throw new IllegalStateException("the application ends");
        }
        if (admin == null) {
            admin = newAdmin();
        }
        return admin;
    }

    private Admin newAdmin() {
        Map<String, Object> config = shared(AdminClientConfig.configNames(), "orderstream-admin");
        // Those who ask have a user waiting, or try again themselves.
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_RECONNECT_MILLIS);
        return Admin.create(config);
    }

    /** Called when the channels are closed, and before the broker of dev mode goes; also after a start that failed early. */
    synchronized void close(@Observes @Priority(Lifecycle.End.CLIENTS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        closed = true;
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    private Map<String, Object> shared(Set<String> names, String clientId) {
        servers.require();
        Map<String, Object> config = new HashMap<>(kafka);
        config.keySet().retainAll(names);
        tls.complete(kafka, config);
        // Is for SmallRye's sinks.
        config.remove(CommonClientConfigs.RETRIES_CONFIG);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        return config;
    }
}
