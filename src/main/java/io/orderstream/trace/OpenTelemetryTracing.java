package io.orderstream.trace;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.orderstream.support.Failures;
import io.orderstream.support.TextHeaders;
import io.orderstream.trace.RecordTrace.Outcome;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;

/**
 * Creates OpenTelemetry spans with names and attributes of its semantic conventions for messaging. Thread safe.
 * <p>
 * They are linked by the W3C trace headers {@code traceparent} and {@code tracestate} of the records. Baggage is not
 * propagated, since it may hold anything a client has sent.
 */
final class OpenTelemetryTracing implements Tracing {

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    private static final AttributeKey<String> KEY = AttributeKey.stringKey("messaging.kafka.message.key");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("orderstream.outcome");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("orderstream.attempt");

    private static final int LONGEST_KEY = 100;

    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Headers> READ = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return StreamSupport.stream(headers.spliterator(), false).map(Header::key).toList();
        }

        @Override
        public String get(Headers headers, String name) {
            return TextHeaders.last(headers, name);
        }
    };

    private final Tracer tracer;
    private final Set<RecordSpan> open = ConcurrentHashMap.newKeySet();

    OpenTelemetryTracing(OpenTelemetry openTelemetry) {
        this.tracer = openTelemetry.getTracer("io.orderstream");
    }

    @Override
    public WriteTrace writing(String topic, byte[] key, Headers headers) {
        Context here = Context.current();
        Context parent = isSomething(here) ? here : read(headers);
        Span span = span("send", SpanKind.PRODUCER, topic, key).setParent(parent).startSpan();
        write(parent.with(span), headers);
        return new WriteSpan(span);
    }

    @Override
    public RecordTrace taken(String topic, int partition, long offset, byte[] key, Headers headers) {
        Context parent = read(headers);
        Span span = span("process", SpanKind.CONSUMER, topic, key).setParent(parent)
                .setAttribute(PARTITION, Integer.toString(partition)).setAttribute(OFFSET, offset).startSpan();
        RecordSpan record = new RecordSpan(span, parent.with(span));
        open.add(record);
        return record;
    }

    private SpanBuilder span(String operation, SpanKind kind, String topic, byte[] key) {
        SpanBuilder span = tracer.spanBuilder(operation + " " + topic).setSpanKind(kind).setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION, operation).setAttribute(TOPIC, topic);
        return key == null || key.length > LONGEST_KEY ? span
                : span.setAttribute(KEY, new String(key, StandardCharsets.UTF_8));
    }

    @Override
    public boolean isNewsTo(Headers headers) {
        return isSomething(Context.current())
                && (headers == null || W3C.fields().stream().noneMatch(name -> headers.lastHeader(name) != null));
    }

    @Override
    public void addCurrentTo(Headers headers) {
        write(Context.current(), headers);
    }

    @Override
    public <T> Supplier<T> carried(Supplier<T> call) {
        return Context.current().wrapSupplier(call);
    }

    @Override
    public void channelsClosed() {
        open.forEach(record -> record.ended(Outcome.HANDED_BACK, null));
    }

    private static boolean isSomething(Context context) {
        return Span.fromContext(context).getSpanContext().isValid();
    }

    /** Returns the context in the headers, empty if there is none or it is invalid. */
    private static Context read(Headers headers) {
        return W3C.extract(Context.root(), headers, READ);
    }

    /** Replaces the trace headers by those of a context. */
    private static void write(Context context, Headers headers) {
        W3C.fields().forEach(headers::remove);
        W3C.inject(context, headers, TextHeaders::add);
    }

    private static Map<String, String> ids(Span span) {
        SpanContext ids = span.getSpanContext();
        return Map.of("traceId", ids.getTraceId(), "spanId", ids.getSpanId());
    }

    /** Sets status and {@code error.type} of a span for a failure. */
    private static void error(Span span, Throwable failure) {
        span.setStatus(StatusCode.ERROR, Failures.shown(failure));
        span.setAttribute(ERROR_TYPE, failure.getClass().getName());
    }

    private static void endFailed(Span span, Throwable failure) {
        error(span, failure);
        span.recordException(failure);
        span.end();
    }

    /** The span of a write. Failed attempts are events of it, not child spans: the time between them is only waiting. */
    private record WriteSpan(Span span) implements WriteTrace {

        @Override
        public Map<String, String> ids() {
            return OpenTelemetryTracing.ids(span);
        }

        @Override
        public void failed(Throwable failure) {
            span.recordException(failure);
        }

        @Override
        public void confirmed(int partition, long offset) {
            span.setAttribute(PARTITION, Integer.toString(partition)).setAttribute(OFFSET, offset).end();
        }

        @Override
        public void givenUp(Throwable failure) {
            endFailed(span, failure);
        }
    }

    /**
     * The span of a record in progress, with a child span for each attempt. So calls and writes of a handler belong to
     * their attempt, and the delay between attempts is visible.
     */
    private final class RecordSpan implements RecordTrace {

        private final Span span;
        private final Context context;

        RecordSpan(Span span, Context context) {
            this.span = span;
            this.context = context;
        }

        @Override
        public <D> Uni<Void> attempt(int number, D delivery, Function<D, Uni<Void>> handler) {
            Span attempt = tracer.spanBuilder("attempt " + number).setParent(context).setAttribute(ATTEMPT, number).startSpan();
            // A duplicated Vert.x context keeps the attempt's span current wherever a response arrives.
            ContextInternal own = (ContextInternal) VertxContext.createNewDuplicatedContext(Vertx.currentContext());
            return Uni.createFrom().emitter(emitter -> own.dispatch(() -> {
                // Scope not closed: the duplicated context ends with the attempt.
                context.with(attempt).makeCurrent();
                call(handler.apply(delivery), attempt, emitter);
            }));
        }

        /** Whatever is thrown, the emitter is told how the attempt has ended: a context logs what is thrown, and goes on. */
        private void call(Uni<Void> handled, Span attempt, UniEmitter<? super Void> emitter) {
            try {
                handled.subscribe().with(done -> {
                    try {
                        attempt.end();
                    } finally {
                        emitter.complete(null);
                    }
                }, failure -> {
                    try {
                        endFailed(attempt, failure);
                    } finally {
                        emitter.fail(failure);
                    }
                });
            } catch (Throwable e) {
                emitter.fail(e);
            }
        }

        @Override
        public void addTo(Headers headers) {
            write(context, headers);
        }

        @Override
        public Map<String, String> ids() {
            return OpenTelemetryTracing.ids(span);
        }

        @Override
        public void ended(Outcome outcome, Throwable reason) {
            open.remove(this);
            span.setAttribute(OUTCOME, outcome.label());
            if (reason != null) {
                error(span, reason);
            }
            span.end();
        }
    }
}
