package io.orderstream.trace;

import java.util.function.Supplier;

import org.apache.kafka.common.header.Headers;

/**
 * Traces records from their producer to their outcome. Spans are linked by the headers {@code traceparent} and
 * {@code tracestate} (W3C Trace Context). Thread safe.
 * <p>
 * All the rest of the application sees of it is this, {@link RecordTrace} and {@link WriteTrace}. Switched off, all three do
 * nothing and make nothing, as they do where nothing is implemented: they stand in the way of every record.
 */
public interface Tracing {

    /** Used when tracing is off. */
    Tracing OFF = new Tracing() {
    };

    /**
     * Starts the span of a write, as a child of the current span, else of that in the headers, else in a new trace.
     *
     * @param key may be null
     * @param headers headers of the record, which are changed to name this span
     */
    default WriteTrace writing(String topic, byte[] key, Headers headers) {
        return WriteTrace.NONE;
    }

    /**
     * Starts the span of a record to be processed, as a child of the span in its headers.
     *
     * @param key may be null
     * @param headers headers of the record
     */
    default RecordTrace taken(String topic, int partition, long offset, byte[] key, Headers headers) {
        return RecordTrace.NONE;
    }

    /**
     * Whether there is a current span and the headers have no trace context yet.
     *
     * @param headers null for none
     */
    default boolean isNewsTo(Headers headers) {
        return false;
    }

    /** Replaces the trace context in the headers by that of the current span. */
    default void addCurrentTo(Headers headers) {
    }

    /** Wraps a call so that it runs with the current span on whichever thread makes it. */
    default <T> Supplier<T> carried(Supplier<T> call) {
        return call;
    }

    /** Called when all channels are closed: ends the spans of unfinished records as handed back. */
    default void channelsClosed() {
    }
}
