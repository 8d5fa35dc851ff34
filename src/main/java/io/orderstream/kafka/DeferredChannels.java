package io.orderstream.kafka;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Alternative;

import org.jboss.logging.Logger;

import io.orderstream.support.Failures;
import io.orderstream.support.LogText;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.MediatorConfiguration;
import io.smallrye.reactive.messaging.providers.extension.HealthCenter;
import io.smallrye.reactive.messaging.providers.extension.MediatorManager;

/**
 * Starts SmallRye's channels as Quarkus does or, if no broker's host name can be resolved yet, later in the
 * background. SmallRye creates the clients on start, and their exception would stop the application.
 */
@Alternative
@Priority(1)
@ApplicationScoped
public class DeferredChannels extends MediatorManager {

    private static final Logger LOG = Logger.getLogger(DeferredChannels.class);

    private final BootstrapServers servers;
    private final HealthCenter probes;
    private final Set<String> read = new HashSet<>();
    private volatile String waitingFor = "the channels are not started yet";
    private boolean stopped;

    DeferredChannels(BootstrapServers servers, HealthCenter probes) {
        this.servers = servers;
        this.probes = probes;
    }

    @Override
    public void addAnalyzed(Collection<? extends MediatorConfiguration> methods) {
        super.addAnalyzed(methods);
        methods.forEach(method -> read.addAll(method.getIncoming()));
    }

    /** Whether a method reads an incoming channel. May be called on any thread once the application starts. */
    public boolean isRead(String channel) {
        return read.contains(channel);
    }

    @Override
    public void start() {
        if (servers.areKnown()) {
            super.start();
            waitingFor = null;
        } else {
            // Otherwise SmallRye's own health checks, liveness included, would be down until then.
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
        // Kafka's clients load classes from it and pass it on to their threads.
        thread.setContextClassLoader(DeferredChannels.class.getClassLoader());
        try {
            super.start();
            waitingFor = null;
        } catch (RuntimeException e) {
            // SmallRye cannot start a second time: as at any other start that fails, whoever runs this starts it anew.
            LOG.errorf(e, "the channels cannot be started, the application ends: reason=\"%s\"",
                    LogText.quoted(Failures.shown(e)));
            Quarkus.asyncExit(1);
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    /** Waits for a start in progress: SmallRye closes only channels that exist. */
    synchronized void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /**
     * @throws WriteUnavailableException while the channels are not started: until then nothing can be made that writes to one
     */
    public void checkStarted() {
        String reason = waitingFor;
        if (reason != null) {
            throw new WriteUnavailableException(reason, null);
        }
    }

    /** What the channels wait for, null if they are started. Thread safe. */
    public String waitingFor() {
        return waitingFor;
    }
}
