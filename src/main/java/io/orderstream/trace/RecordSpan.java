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
 * The span of a record in progress, with a child span for each attempt. So calls and writes of a handler belong to
 * their attempt, and the delay between attempts is visible.
 */
final class RecordSpan implements RecordTrace {

    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("orderstream.outcome");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("orderstream.attempt");

    private final Tracer tracer;
    private final Span span;
    private final Context context;
    private final Set<RecordSpan> open;

    /** @param open all records without an end; this one is added, and removed when it ends */
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
            // A duplicated Vert.x context keeps the attempt's span current wherever a response arrives.
            ContextInternal own = (ContextInternal) VertxContext.createNewDuplicatedContext(Vertx.currentContext());
            own.dispatch(() -> {
                // Scope not closed: the duplicated context ends with the attempt.
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
