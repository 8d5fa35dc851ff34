package io.orderstream.trace;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.opentelemetry.api.OpenTelemetry;
import io.orderstream.support.Lifecycle;

/** CDI producer of the {@link Tracing} implementation, according to the settings. */
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

    /** Ends open spans while the exporter still runs. */
    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.SPANS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        tracing.channelsClosed();
    }
}
