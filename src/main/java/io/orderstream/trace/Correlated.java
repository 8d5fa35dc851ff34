package io.orderstream.trace;

import java.util.Optional;
import java.util.function.Supplier;

import org.jboss.logging.MDC;

import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;

/**
 * Runs code in a duplicated Vert.x context that holds a {@link Correlation}: whatever runs in it, now or when a
 * response arrives, finds it here, and its log lines have {@code correlation-id} and {@code traceId} in the MDC.
 */
public final class Correlated {

    private static final String LOCAL = Correlation.class.getName();

    private Correlated() {
    }

    /** Calls the supplier at once on the caller's event loop; an exception it throws fails the {@code Uni}. */
    public static <T> Uni<T> call(Correlation correlation, Supplier<Uni<T>> call) {
        return Uni.createFrom().emitter(emitter -> {
            ((ContextInternal) context()).dispatch(() -> {
                enter(correlation);
                // Deferred: a handler is somebody's code, and may throw instead of an answer.
                Uni.createFrom().<T> deferred(call::get).subscribe().with(emitter::complete, emitter::fail);
            });
        });
    }

    /** Uses the current context if it is a duplicate without a correlation, else creates a new one. */
    private static Context context() {
        Context here = Vertx.currentContext();
        return VertxContext.isDuplicatedContext(here) && current().isEmpty() ? here
                : VertxContext.createNewDuplicatedContext(here);
    }

    /** From here on the current context, which has to be a duplicate, belongs to this correlation. */
    static void enter(Correlation correlation) {
        ContextLocals.put(LOCAL, correlation);
        correlation.ids().forEach(MDC::put);
    }

    /** The correlation of the current context, if any. */
    public static Optional<Correlation> current() {
        return VertxContext.isOnDuplicatedContext() ? ContextLocals.get(LOCAL) : Optional.empty();
    }
}
