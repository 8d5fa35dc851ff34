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
 * The one Kafka admin client of the application, with the connection and security settings all clients share. It is made at the
 * first call; as long as it cannot be, each call throws.
 */
@ApplicationScoped
public class KafkaAdmin {

    private static final int REQUEST_TIMEOUT_MILLIS = 5_000;
    // It tells all others when a broker is back.
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
        // Those who ask have a user waiting, or try again themselves.
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_RECONNECT_MILLIS);
        made = Admin.create(config);
        return made;
    }

    /** Called when the channels are closed, and before the broker of dev mode goes; also after a start that failed early. */
    synchronized void close(@Observes @Priority(Lifecycle.End.CLIENTS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        closed = true;
        if (made != null) {
            made.close(Duration.ZERO);
        }
    }
}
