package io.orderstream.trace;

import java.util.function.Supplier;

import org.apache.kafka.common.header.Headers;

/**
 * Follows records from who writes them to their end, for a tracing system. What belongs together is told by the headers
 * {@code traceparent} and {@code tracestate} (W3C Trace Context). Thread safe.
 * <p>
 * All the rest of the application sees of it is this, {@link RecordTrace} and {@link WriteTrace}. Switched off, all three do
 * nothing and make nothing: they stand in the way of every record.
 */
public interface Tracing {

    /** Nothing is followed. */
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
            // nothing goes on
        }

        @Override
        public <T> Supplier<T> carried(Supplier<T> call) {
            return call;
        }

        @Override
        public void channelsClosed() {
            // nothing is open
        }
    };

    /**
     * A record is about to be written. It belongs to what goes on here, else to what its headers name, else it begins a trace.
     *
     * @param key may be null
     * @param headers of the record; from now on they name this write
     */
    WriteTrace writing(String topic, byte[] key, Headers headers);

    /**
     * A record has been taken into work. It belongs to what its headers name.
     *
     * @param key may be null
     * @param headers as they came
     */
    RecordTrace taken(String topic, int partition, long offset, byte[] key, Headers headers);

    /**
     * Whether anything goes on here that these headers do not tell: not if they name something already.
     *
     * @param headers null for none
     */
    boolean isNewsTo(Headers headers);

    /** Puts what goes on here into headers. */
    void addCurrentTo(Headers headers);

    /** The same call, to be made on another thread: there it belongs to what goes on here now. */
    <T> Supplier<T> carried(Supplier<T> call);

    /** No channel takes or ends a record any more: whoever reads their partitions next handles what has not ended. */
    void channelsClosed();
}
