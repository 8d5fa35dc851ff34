package io.orderstream.web;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.orderstream.settings.InvalidSettingException;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.StartupEvent;

/**
 * Refuses a start with one port for the API and for health and metrics. Vert.x would let both listen on it and give each
 * connection to either.
 */
@ApplicationScoped
public class PortCheck {

    private final int api;
    private final int metrics;
    private final boolean isSeparate;

    PortCheck(@ConfigProperty(name = "quarkus.http.port") int api,
            @ConfigProperty(name = "quarkus.management.port") int metrics,
            @ConfigProperty(name = "quarkus.management.enabled", defaultValue = "false") boolean isSeparate) {
        this.api = api;
        this.metrics = metrics;
        this.isSeparate = isSeparate;
    }

    /** @throws InvalidSettingException if both are the same, unless that is 0 for any free port */
    void check(@Observes @Priority(Lifecycle.Start.CONTRADICTIONS) StartupEvent event) {
        if (isSeparate && api != 0 && api == metrics) {
            throw new InvalidSettingException("METRICS_PORT must be another port than HTTP_PORT, but both are '" + api + "'.");
        }
    }
}
