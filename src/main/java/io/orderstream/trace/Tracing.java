package io.orderstream.trace;

import java.util.function.Supplier;

import org.apache.kafka.common.header.Headers;

/**
 * Traces records from their producer to their outcome. Spans are linked by the headers {@code traceparent} and
 * {@code tracestate} (W3C Trace Context). Thread safe.
 * <p>
 * The application uses only this interface, {@link RecordTrace} and {@link WriteTrace}. When tracing is off, the
 * implementations do nothing and allocate nothing, since they are called for every record.
 */
public interface Tracing {

    /** Used when tracing is off. */
    Tracing OFF = new Tracing() {
        @Override
        public WriteTrace writing(String topic, byte[] key, Headers headers) {
            return WriteTrace.NONE;
        }

        @Override
        public RecordTrace taken(String topic, int partition, long offset, byte[] key, Headers headers) {
            return RecordTrace.NONE;
        }

        @Override
        public boolean isNewsTo(Headers headers) {
            return false;
        }

        @Override
        public void addCurrentTo(Headers headers) {
            // tracing is off
        }

        @Override
        public <T> Supplier<T> carried(Supplier<T> call) {
            return call;
        }

        @Override
        public void channelsClosed() {
            // tracing is off
        }
    };

    /**
     * Starts the span of a write, as a child of the current span, else of that in the headers, else in a new trace.
     *
     * @param key may be null
     * @param headers headers of the record, which are changed to name this span
     */
    WriteTrace writing(String topic, byte[] key, Headers headers);

    /**
     * Starts the span of a record to be processed, as a child of the span in its headers.
     *
     * @param key may be null
     * @param headers headers of the record
     */
    RecordTrace taken(String topic, int partition, long offset, byte[] key, Headers headers);

    /**
     * Whether there is a current span and the headers have no trace context yet.
     *
     * @param headers null for none
     */
    boolean isNewsTo(Headers headers);

    /** Replaces the trace context in the headers by that of the current span. */
    void addCurrentTo(Headers headers);

    /** Wraps a call so that it runs with the current span on whichever thread makes it. */
    <T> Supplier<T> carried(Supplier<T> call);

    /** Called when all channels are closed: ends the spans of unfinished records as handed back. */
    void channelsClosed();
}
