package io.orderstream.trace;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.apache.kafka.common.header.Headers;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.orderstream.support.Failures;
import io.orderstream.trace.RecordTrace.Outcome;

/** Creates OpenTelemetry spans with names and attributes of its semantic conventions for messaging. Thread safe. */
final class OpenTelemetryTracing implements Tracing {

    static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.type");
    static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");
    static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    static final AttributeKey<String> KEY = AttributeKey.stringKey("messaging.kafka.message.key");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    private static final int LONGEST_KEY = 100;

    private final Tracer tracer;
    private final Set<RecordSpan> open = ConcurrentHashMap.newKeySet();

    OpenTelemetryTracing(OpenTelemetry openTelemetry) {
        this.tracer = openTelemetry.getTracer("io.orderstream");
    }

    @Override
    public WriteTrace writing(String topic, byte[] key, Headers headers) {
        Context here = Context.current();
        Context parent = isSomething(here) ? here : TraceHeaders.read(headers);
        Span span = span("send", SpanKind.PRODUCER, topic, key).setParent(parent).startSpan();
        TraceHeaders.write(parent.with(span), headers);
        return new WriteSpan(span);
    }

    @Override
    public RecordTrace taken(String topic, int partition, long offset, byte[] key, Headers headers) {
        Context parent = TraceHeaders.read(headers);
        Span span = span("process", SpanKind.CONSUMER, topic, key).setParent(parent)
                .setAttribute(PARTITION, Integer.toString(partition)).setAttribute(OFFSET, offset).startSpan();
        return new RecordSpan(tracer, span, parent.with(span), open);
    }

    private SpanBuilder span(String operation, SpanKind kind, String topic, byte[] key) {
        SpanBuilder span = tracer.spanBuilder(operation + " " + topic).setSpanKind(kind).setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION, operation).setAttribute(TOPIC, topic);
        return key == null || key.length > LONGEST_KEY ? span
                : span.setAttribute(KEY, new String(key, StandardCharsets.UTF_8));
    }

    @Override
    public boolean isNewsTo(Headers headers) {
        return isSomething(Context.current()) && (headers == null || !TraceHeaders.areIn(headers));
    }

    @Override
    public void addCurrentTo(Headers headers) {
        TraceHeaders.write(Context.current(), headers);
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

    /** Sets status and {@code error.type} of a span for a failure. */
    static void error(Span span, Throwable failure) {
        span.setStatus(StatusCode.ERROR, Failures.message(failure));
        span.setAttribute(ERROR_TYPE, failure.getClass().getName());
    }
}
