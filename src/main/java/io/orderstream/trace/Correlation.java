package io.orderstream.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.apache.kafka.common.header.Headers;
import org.jboss.logging.MDC;

import io.orderstream.support.TextHeaders;
import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;

/**
 * Correlation of an event: an id shared by everything a client's request has led to, up to a dead letter, and its
 * trace context. It is passed on in record headers. Invalid values are ignored, since they would appear in log lines.
 *
 * @param id correlation id, null if there is none
 * @param traceparent trace and parent span as in W3C Trace Context, null if there is none
 * @param tracestate vendor-specific part of the trace context, null if there is none
 */
public record Correlation(String id, String traceparent, String tracestate) {

    /** Header of records and of HTTP requests. */
    public static final String ID = "correlation-id";
    /**
     * Header of records and HTTP requests, see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>.
     */
    public static final String TRACEPARENT = "traceparent";
    /** Header that accompanies {@link #TRACEPARENT}. */
    public static final String TRACESTATE = "tracestate";

    private static final String TRACE_ID = "traceId";
    private static final String LOCAL = Correlation.class.getName();

    /** No correlation. */
    public static final Correlation NONE = new Correlation(null, null, null);

    private static final Pattern VALID_ID = Pattern.compile("[!-~]{1,200}");
    private static final Pattern VALID_TRACE = Pattern
            .compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]{1,200})?");
    private static final Pattern VALID_STATE = Pattern.compile("[ -~]{1,512}");
    private static final int TRACE_ID_BEGIN = 3;
    private static final int TRACE_ID_END = 35;

    /** Returns a correlation of these values, where an invalid or missing one is null. */
    public static Correlation of(String id, String traceparent, String tracestate) {
        String trace = valid(VALID_TRACE, traceparent);
        return new Correlation(valid(VALID_ID, id), trace, trace == null ? null : valid(VALID_STATE, tracestate));
    }

    /** Reads the correlation from the headers of a record. */
    public static Correlation of(Headers headers) {
        return of(TextHeaders.last(headers, ID), TextHeaders.last(headers, TRACEPARENT),
                TextHeaders.last(headers, TRACESTATE));
    }

    /** Returns this correlation, with the given id if it has none. */
    public Correlation orElse(String otherId) {
        return id != null ? this : new Correlation(otherId, traceparent, tracestate);
    }

    private static String valid(Pattern pattern, String text) {
        return text != null && pattern.matcher(text).matches() ? text : null;
    }

    /** Adds the headers that are missing. An existing {@code traceparent} names a later span, or another trace. */
    public void addTo(Headers headers) {
        add(headers, ID, id);
        if (headers.lastHeader(TRACEPARENT) == null) {
            add(headers, TRACEPARENT, traceparent);
            add(headers, TRACESTATE, tracestate);
        }
    }

    private static void add(Headers headers, String name, String value) {
        if (value != null && headers.lastHeader(name) == null) {
            TextHeaders.add(headers, name, value);
        }
    }

    /** Returns the MDC entries for log lines. */
    public Map<String, String> ids() {
        Map<String, String> ids = new HashMap<>();
        if (id != null) {
            ids.put(ID, id);
        }
        if (traceparent != null) {
            ids.put(TRACE_ID, traceparent.substring(TRACE_ID_BEGIN, TRACE_ID_END));
        }
        return ids;
    }

    /** The correlation of the current context, if any. */
    public static Optional<Correlation> current() {
        return VertxContext.isOnDuplicatedContext() ? ContextLocals.get(LOCAL) : Optional.empty();
    }

    /**
     * Calls the supplier at once on the caller's event loop; an exception it throws fails the {@code Uni}. It runs in a
     * duplicated Vert.x context that holds this correlation: whatever runs in it, now or when a response arrives, finds it by
     * {@link #current}, and its log lines have {@code correlation-id} and {@code traceId} in the MDC.
     */
    public <T> Uni<T> call(Supplier<Uni<T>> call) {
        return Uni.createFrom().emitter(emitter -> {
            ((ContextInternal) ownContext()).dispatch(() -> {
                ContextLocals.put(LOCAL, this);
                ids().forEach(MDC::put);
                // A handler is somebody's code, and may throw instead of an answer, or when it is subscribed to.
                try {
                    Uni.createFrom().<T> deferred(call::get).subscribe().with(emitter::complete, emitter::fail);
                } catch (Throwable e) {
                    emitter.fail(e);
                }
            });
        });
    }

    /** The current context if it is a duplicate without a correlation, else a new one. */
    private static Context ownContext() {
        Context here = Vertx.currentContext();
        return VertxContext.isDuplicatedContext(here) && current().isEmpty() ? here
                : VertxContext.createNewDuplicatedContext(here);
    }
}
