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
 * Calls what belongs to a {@link Correlation} in a context of its own, a duplicate of the event loop's: whatever goes on in it,
 * now or when an answer arrives, finds it here, and its log lines have {@code correlation-id} and {@code traceId} in their MDC.
 */
public final class Correlated {

    private static final String LOCAL = Correlation.class.getName();

    private Correlated() {
    }

    /** Calls it, on the event loop of the caller and at once. */
    public static <T> Uni<T> call(Correlation correlation, Supplier<Uni<T>> call) {
        return Uni.createFrom().emitter(emitter -> {
            ((ContextInternal) context()).dispatch(() -> {
                enter(correlation);
                // Deferred: a handler is somebody's code, and may throw instead of an answer.
                Uni.createFrom().<T> deferred(call::get).subscribe().with(emitter::complete, emitter::fail);
            });
        });
    }

    /** One of its own, which the caller may have made already for what is to be called. */
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

    /** What the current context belongs to, if anything. */
    public static Optional<Correlation> current() {
        return VertxContext.isOnDuplicatedContext() ? ContextLocals.get(LOCAL) : Optional.empty();
    }
}
