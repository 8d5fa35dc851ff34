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
 * Reads and writes the W3C trace headers {@code traceparent} and {@code tracestate} of a record. Baggage is not
 * propagated, since it may hold anything a client has sent.
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

    /** Returns the context in the headers, empty if there is none or it is invalid. */
    static Context read(Headers headers) {
        return W3C.extract(Context.root(), headers, READ);
    }

    /** Whether there is any trace header, valid or not. */
    static boolean areIn(Headers headers) {
        return W3C.fields().stream().anyMatch(name -> headers.lastHeader(name) != null);
    }

    /** Replaces the trace headers by those of a context. */
    static void write(Context context, Headers headers) {
        W3C.fields().forEach(headers::remove);
        W3C.inject(context, headers, TextHeaders::add);
    }
}
