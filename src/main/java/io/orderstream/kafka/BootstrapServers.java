package io.orderstream.kafka;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;

/**
 * Waits until the host name of a bootstrap server can be resolved, and as long as its listener is not one for the security
 * protocol. Kafka's clients cannot be created before, and a container or service that has not started has no name. Once
 * created, they reconnect by themselves.
 */
@ApplicationScoped
public class BootstrapServers {

    private static final Logger LOG = Logger.getLogger(BootstrapServers.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final int PROBE_TICKS = 5;

    private final String servers;
    private final String protocol;
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private volatile String contradiction;
    private Cancellable looking;

    BootstrapServers(@ConfigProperty(name = "orderstream.kafka.bootstrap-servers") String servers,
            @ConfigProperty(name = "kafka.security.protocol", defaultValue = "PLAINTEXT") String protocol) {
        this.servers = servers;
        this.protocol = protocol.toUpperCase(Locale.ROOT);
    }

    /** Starts before any client is created. */
    void start(@Observes @Priority(Lifecycle.Start.BOOTSTRAP_SERVERS) StartupEvent event) {
        if (isUsable(0)) {
            known.complete(null);
        } else {
            looking = Multi.createFrom().ticks().every(INTERVAL).onOverflow().drop()
                    .select().where(this::isUsable).select().first()
                    .subscribe().with(tick -> found());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (looking != null) {
            looking.cancel();
        }
    }

    private boolean isUsable(long tick) {
        if (!isResolved()) {
            return false;
        }
        // A broker warns of each connection it cannot understand.
        if (tick % PROBE_TICKS == 0) {
            contradiction = Stream.of(servers.split(",")).map(String::strip)
                    .filter(server -> Utils.getHost(server) != null && Utils.getPort(server) != null)
                    .flatMap(server -> ListenerProbe.contradiction(Utils.getHost(server), Utils.getPort(server), protocol)
                            .stream())
                    .findFirst().orElse(null);
        }
        return contradiction == null;
    }

    /** Like Kafka's clients, requires one host that resolves; these also reject malformed addresses. */
    private boolean isResolved() {
        return Stream.of(servers.split(",")).map(String::strip).anyMatch(server -> {
            String host = Utils.getHost(server);
            try {
                return host == null || InetAddress.getByName(host) != null;
            } catch (UnknownHostException e) {
                return false;
            }
        });
    }

    private void found() {
        LOG.infof("host name of the broker is resolved: servers=%s", servers);
        known.complete(null);
    }

    /** Whether clients can be created. Thread safe. */
    public boolean areKnown() {
        return known.isDone();
    }

    /** Runs an action once clients can be created: at once on this thread, or later on a worker thread. */
    void whenKnown(Runnable action) {
        known.thenRun(action);
    }

    /**
     * @throws KafkaException if no host name resolves yet, or the listener is not for the security protocol; then creating a
     *         client would only log errors
     */
    void require() {
        if (!areKnown()) {
            String reason = contradiction;
            throw new KafkaException(reason == null ? "no host name of " + servers + " can be resolved" : reason);
        }
    }
}
