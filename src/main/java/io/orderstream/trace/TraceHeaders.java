package io.orderstream.trace;

import java.util.stream.StreamSupport;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.orderstream.support.TextHeaders;

/**
 * What the headers of a record say of its trace: {@code traceparent} and {@code tracestate}, one of each. Nothing else travels;
 * OpenTelemetry's baggage in particular may be anything a client has sent.
 */
final class TraceHeaders {

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

    private TraceHeaders() {
    }

    /** What the headers name; without anything if they name nothing, or nothing valid. */
    static Context read(Headers headers) {
        return W3C.extract(Context.root(), headers, READ);
    }

    /** Whether they name something, valid or not. */
    static boolean areIn(Headers headers) {
        return W3C.fields().stream().anyMatch(name -> headers.lastHeader(name) != null);
    }

    /** Puts what a context names in the place of what they name. */
    static void write(Context context, Headers headers) {
        W3C.fields().forEach(headers::remove);
        W3C.inject(context, headers, TextHeaders::add);
    }
}
