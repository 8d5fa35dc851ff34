package io.orderstream.trace;

import java.util.Map;

import org.jboss.logging.MDC;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;

/** Puts what a log line belongs to into its MDC, and into that of no other line. */
public final class LogIds {

    private LogIds() {
    }

    static Map<String, String> of(Span span) {
        SpanContext ids = span.getSpanContext();
        return Map.of("traceId", ids.getTraceId(), "spanId", ids.getSpanId());
    }

    /**
     * Logs at once, on the thread of the caller.
     *
     * @param ids what the line belongs to, empty for nothing
     * @param line logs it
     */
    public static void about(Map<String, String> ids, Runnable line) {
        Context here = Vertx.currentContext();
        if (ids.isEmpty()) {
            line.run();
        } else if (here == null) {
            ids.forEach(MDC::put);
            try {
                line.run();
            } finally {
                ids.keySet().forEach(MDC::remove);
            }
        } else {
            // The MDC is kept in the context of Vert.x, and the event loop's own is everybody's.
            ((ContextInternal) VertxContext.createNewDuplicatedContext(here)).dispatch(() -> {
                ids.forEach(MDC::put);
                line.run();
            });
        }
    }
}
