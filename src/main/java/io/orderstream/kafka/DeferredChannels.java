package io.orderstream.kafka;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Alternative;

import org.jboss.logging.Logger;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.providers.extension.HealthCenter;
import io.smallrye.reactive.messaging.providers.extension.MediatorManager;

/**
 * Starts SmallRye's channels where Quarkus does, or, if the broker's name cannot be resolved yet, in the background as soon
 * as it can. SmallRye makes their clients when it starts them, and what they throw would end the application.
 */
@Alternative
@Priority(1)
@ApplicationScoped
public class DeferredChannels extends MediatorManager {

    private static final Logger LOG = Logger.getLogger(DeferredChannels.class);

    private final BootstrapServers servers;
    private final HealthCenter probes;
    private volatile String waitingFor = "the channels are not started yet";
    private boolean stopped;

    DeferredChannels(BootstrapServers servers, HealthCenter probes) {
        this.servers = servers;
        this.probes = probes;
    }

    @Override
    public void start() {
        if (servers.areKnown()) {
            super.start();
            waitingFor = null;
        } else {
            // Until then SmallRye's own probes would be down, and that of liveness with them.
            probes.markInitialized();
            servers.whenKnown(this::startLate);
        }
    }

    private synchronized void startLate() {
        if (stopped) {
            return;
        }
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        // The application's own, which Kafka's clients load from and hand on to their threads.
        thread.setContextClassLoader(DeferredChannels.class.getClassLoader());
        try {
            super.start();
            waitingFor = null;
        } catch (RuntimeException e) {
            waitingFor = "the channels cannot be started: " + e.getMessage();
            LOG.error("the channels cannot be started, a restart is needed", e);
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    /** Waits for a start that is under way: SmallRye closes only what is there. */
    synchronized void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** What is being waited for, or null if the channels are started. May be called on any thread. */
    public String waitingFor() {
        return waitingFor;
    }
}
