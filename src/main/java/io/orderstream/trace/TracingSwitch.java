package io.orderstream.trace;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.opentelemetry.api.OpenTelemetry;
import io.orderstream.settings.Lifecycle;

/** Gives everybody the tracing that is set. */
@ApplicationScoped
public class TracingSwitch {

    private volatile Tracing tracing = Tracing.OFF;

    /** A singleton: no proxy stands before what is called for each record. */
    @Produces
    @Singleton
    Tracing tracing(TraceSettings settings, OpenTelemetry openTelemetry) {
        tracing = settings.enabled() ? new OpenTelemetryTracing(openTelemetry) : Tracing.OFF;
        return tracing;
    }

    /** The spans of what was in work until now are sent with the last ones. */
    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.SPANS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        tracing.channelsClosed();
    }
}
