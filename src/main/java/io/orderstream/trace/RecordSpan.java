package io.orderstream.trace;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.apache.kafka.common.header.Headers;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;

/**
 * The span of a record in work, and one below it for each attempt: what a handler calls or writes has to belong to the attempt
 * that did it, and between two attempts the time goes by in which it waits.
 */
final class RecordSpan implements RecordTrace {

    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("orderstream.outcome");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("orderstream.attempt");

    private final Tracer tracer;
    private final Span span;
    private final Context context;
    private final Set<RecordSpan> open;

    /** @param open those that have not ended, this one included until it has */
    RecordSpan(Tracer tracer, Span span, Context context, Set<RecordSpan> open) {
        this.tracer = tracer;
        this.span = span;
        this.context = context;
        this.open = open;
        open.add(this);
    }

    @Override
    public <D> Uni<Void> attempt(int number, D delivery, Function<D, Uni<Void>> handler) {
        return Uni.createFrom().emitter(emitter -> {
            Span attempt = tracer.spanBuilder("attempt " + number).setParent(context).setAttribute(ATTEMPT, number)
                    .startSpan();
            // A context of Vert.x of its own, which carries the attempt along to wherever its answers arrive.
            ContextInternal own = (ContextInternal) VertxContext.createNewDuplicatedContext(Vertx.currentContext());
            own.dispatch(() -> {
                // Not closed: the context of Vert.x is gone with the attempt.
                context.with(attempt).makeCurrent();
                handler.apply(delivery).subscribe().with(done -> succeeded(attempt, emitter),
                        failure -> failed(attempt, failure, emitter));
            });
        });
    }

    private static void succeeded(Span attempt, UniEmitter<? super Void> emitter) {
        attempt.end();
        emitter.complete(null);
    }

    private static void failed(Span attempt, Throwable failure, UniEmitter<? super Void> emitter) {
        OpenTelemetryTracing.error(attempt, failure);
        attempt.recordException(failure);
        attempt.end();
        emitter.fail(failure);
    }

    @Override
    public void addTo(Headers headers) {
        TraceHeaders.write(context, headers);
    }

    @Override
    public Map<String, String> ids() {
        return LogIds.of(span);
    }

    @Override
    public void ended(Outcome outcome, Throwable reason) {
        open.remove(this);
        span.setAttribute(OUTCOME, outcome.label());
        if (reason != null) {
            OpenTelemetryTracing.error(span, reason);
        }
        span.end();
    }
}
