package io.orderstream.trace;

import java.util.Optional;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.opentelemetry.api.OpenTelemetry;
import io.orderstream.support.Lifecycle;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.quarkus.micrometer.runtime.export.exemplars.OpentelemetryExemplarSamplerProvider;

/** CDI producer of the {@link Tracing} implementation and of what goes with it, according to the settings. */
@ApplicationScoped
public class TracingSwitch {

    private volatile Tracing tracing = Tracing.OFF;

    /** A singleton, since it is called for each record: no client proxy. */
    @Produces
    @Singleton
    Tracing tracing(TraceSettings settings, OpenTelemetry openTelemetry) {
        tracing = settings.enabled() ? GuardedTracing.of(new OpenTelemetryTracing(openTelemetry)) : Tracing.OFF;
        return tracing;
    }

    /**
     * Where the meters have the spans of their exemplars from. Stands in for the bean of Quarkus 3.30, with which each
     * measurement looks for a span with tracing off as well (docs/performance.md).
     */
    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    Optional<ExemplarSampler> exemplars(TraceSettings settings) {
        return settings.enabled() ? new OpentelemetryExemplarSamplerProvider().exemplarSampler() : Optional.empty();
    }

    /** Ends open spans while the exporter still runs. */
    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.SPANS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        tracing.channelsClosed();
    }
}
