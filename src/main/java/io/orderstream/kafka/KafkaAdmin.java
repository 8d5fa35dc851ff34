package io.orderstream.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

import io.orderstream.settings.Lifecycle;
import io.smallrye.common.annotation.Identifier;

/**
 * CDI producer of the single Kafka admin client, with the connection and security settings shared by all clients. The
 * client is created by the first call; while no broker's host name can be resolved, calls throw.
 */
@ApplicationScoped
public class KafkaAdmin {

    private static final int REQUEST_TIMEOUT_MILLIS = 5_000;
    // All other parts learn through this client that a broker is back.
    private static final int LONGEST_RECONNECT_MILLIS = 500;

    private Admin made;
    private boolean closed;

    @Produces
    @ApplicationScoped
    synchronized Admin admin(@Identifier("default-kafka-broker") Map<String, Object> kafka, BootstrapServers servers) {
        servers.require();
        if (closed) {
            throw new IllegalStateException("the application ends");
        }
        Map<String, Object> config = new HashMap<>(kafka);
        config.keySet().retainAll(AdminClientConfig.configNames());
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, "orderstream-admin");
        // Callers have a user waiting, or retry by themselves.
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_RECONNECT_MILLIS);
        made = Admin.create(config);
        return made;
    }

    /** Closes the client after the channels and before dev mode's broker, also after a start that failed early. */
    synchronized void close(@Observes @Priority(Lifecycle.End.CLIENTS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        closed = true;
        if (made != null) {
            made.close(Duration.ZERO);
        }
    }
}
