package io.orderstream.trace;

import java.util.Map;

import org.jboss.logging.MDC;

import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;

/** Sets MDC entries for a single log line. */
public final class LogIds {

    private LogIds() {
    }

    /**
     * Logs at once on the calling thread, with MDC entries for this line only.
     *
     * @param ids the MDC entries, may be empty
     * @param line code that logs the line
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
            // Quarkus keeps the MDC in the Vert.x context, and an event loop's own context is shared by all.
            ((ContextInternal) VertxContext.createNewDuplicatedContext(here)).dispatch(() -> {
                ids.forEach(MDC::put);
                line.run();
            });
        }
    }
}
