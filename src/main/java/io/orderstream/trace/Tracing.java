package io.orderstream.trace;

import java.util.function.Supplier;

import org.apache.kafka.common.header.Headers;

/**
 * Follows records from who writes them to their end, for a tracing system. What belongs together is told by the headers
 * {@code traceparent} and {@code tracestate} (W3C Trace Context). Thread safe.
 * <p>
 * All the rest of the application sees of it is this, {@link RecordTrace} and {@link WriteTrace}. Switched off, all three do
 * nothing and make nothing, as they do where nothing is implemented: they stand in the way of every record.
 */
public interface Tracing {

    /** Nothing is followed. */
    Tracing OFF = new Tracing() {
    };

    /**
     * A record is about to be written. It belongs to what goes on here, else to what its headers name, else it begins a trace.
     *
     * @param key may be null
     * @param headers of the record; from now on they name this write
     */
    default WriteTrace writing(String topic, byte[] key, Headers headers) {
        return WriteTrace.NONE;
    }

    /**
     * A record has been taken into work. It belongs to what its headers name.
     *
     * @param key may be null
     * @param headers as they came
     */
    default RecordTrace taken(String topic, int partition, long offset, byte[] key, Headers headers) {
        return RecordTrace.NONE;
    }

    /**
     * Whether anything goes on here that these headers do not tell: not if they name something already.
     *
     * @param headers null for none
     */
    default boolean isNewsTo(Headers headers) {
        return false;
    }

    /** Puts what goes on here into headers. */
    default void addCurrentTo(Headers headers) {
    }

    /** The same call, to be made on another thread: there it belongs to what goes on here now. */
    default <T> Supplier<T> carried(Supplier<T> call) {
        return call;
    }

    /** No channel takes or ends a record any more: whoever reads their partitions next handles what has not ended. */
    default void channelsClosed() {
    }
}
