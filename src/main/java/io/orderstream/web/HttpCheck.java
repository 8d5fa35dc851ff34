package io.orderstream.web;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.orderstream.settings.InvalidSettingException;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.StartupEvent;

/** Refuses a start with settings of HTTP that contradict each other. */
@ApplicationScoped
public class HttpCheck {

    private final int api;
    private final int metrics;
    private final boolean isSeparate;
    private final HttpSettings settings;

    HttpCheck(@ConfigProperty(name = "quarkus.http.port") int api,
            @ConfigProperty(name = "quarkus.management.port") int metrics,
            @ConfigProperty(name = "quarkus.management.enabled", defaultValue = "false") boolean isSeparate,
            HttpSettings settings) {
        this.api = api;
        this.metrics = metrics;
        this.isSeparate = isSeparate;
        this.settings = settings;
    }

    /** @throws InvalidSettingException if two settings contradict each other */
    void check(@Observes @Priority(Lifecycle.Start.CONTRADICTIONS) StartupEvent event) {
        checkPorts();
        checkConnections();
    }

    /** Vert.x would let both listen on one port, unless it is 0 for any free one, and give each connection to either. */
    private void checkPorts() {
        if (isSeparate && api != 0 && api == metrics) {
            throw new InvalidSettingException("METRICS_PORT must be another port than HTTP_PORT, but both are '" + api + "'.");
        }
    }

    /** Streams stay open: if they could take all connections, nobody could call the API any more. */
    private void checkConnections() {
        if (settings.maxConnections() <= settings.maxStreamClients()) {
            throw new InvalidSettingException("MAX_CONNECTIONS must be more than MAX_STREAM_CLIENTS, which is '"
                    + settings.maxStreamClients() + "', but is '" + settings.maxConnections() + "'.");
        }
    }
}
