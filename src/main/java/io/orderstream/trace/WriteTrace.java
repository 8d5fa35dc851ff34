package io.orderstream.trace;

import java.util.Map;

/**
 * Follows one record until the broker has confirmed it, or it is given up. Ends once. Thread safe. What is not implemented does
 * nothing.
 */
public interface WriteTrace {

    /** Used when tracing is off; does nothing. */
    WriteTrace NONE = new WriteTrace() {
    };

    /** MDC entries for log lines about the record, may be empty. */
    default Map<String, String> ids() {
        return Map.of();
    }

    /** An attempt failed and will be repeated. */
    default void failed(Throwable failure) {
    }

    /** The broker confirmed the record; ends the trace. */
    default void confirmed(int partition, long offset) {
    }

    /** The write is not attempted again; ends the trace. */
    default void givenUp(Throwable failure) {
    }
}
