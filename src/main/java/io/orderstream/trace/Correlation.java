package io.orderstream.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import io.orderstream.support.TextHeaders;

/**
 * What belongs together: the events one thing has led to, from a client's request to a dead letter. It travels in the headers
 * of records. What comes from outside and is not as it should be is taken for absent, since it would end up in log lines.
 *
 * @param id names it
 * @param traceparent the trace it is part of, as W3C Trace Context has it, null if there is none
 * @param tracestate what tracing systems add to that, null if nothing
 */
public record Correlation(String id, String traceparent, String tracestate) {

    /** Header of records and of HTTP requests. */
    public static final String ID = "correlation-id";
    /** Header of records and of HTTP requests, see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>. */
    public static final String TRACEPARENT = "traceparent";
    /** Goes with {@link #TRACEPARENT}. */
    public static final String TRACESTATE = "tracestate";

    private static final String TRACE_ID = "traceId";

    /** Nothing is known. */
    public static final Correlation NONE = new Correlation(null, null, null);

    private static final Pattern VALID_ID = Pattern.compile("[!-~]{1,200}");
    private static final Pattern VALID_TRACE = Pattern
            .compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]{1,200})?");
    private static final Pattern VALID_STATE = Pattern.compile("[ -~]{1,512}");
    private static final int TRACE_ID_BEGIN = 3;
    private static final int TRACE_ID_END = 35;

    /** As it came, without what is not valid; {@link #id} is null if that is not. */
    public static Correlation of(String id, String traceparent, String tracestate) {
        String trace = valid(VALID_TRACE, traceparent);
        return new Correlation(valid(VALID_ID, id), trace, trace == null ? null : valid(VALID_STATE, tracestate));
    }

    /** What the headers of a record say. */
    public static Correlation of(Headers headers) {
        return of(TextHeaders.last(headers, ID), TextHeaders.last(headers, TRACEPARENT),
                TextHeaders.last(headers, TRACESTATE));
    }

    /** This one, with another id if it has none. */
    public Correlation orElse(String otherId) {
        return id != null ? this : new Correlation(otherId, traceparent, tracestate);
    }

    private static String valid(Pattern pattern, String text) {
        return text != null && pattern.matcher(text).matches() ? text : null;
    }

    /** Adds to headers what they do not have yet. A trace they name already is another, or a later part of this one. */
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

    /** What log lines should say of it. */
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
}
