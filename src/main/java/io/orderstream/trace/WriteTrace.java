package io.orderstream.trace;

import java.util.Map;

/**
 * Follows one record until the broker has confirmed it, or it is given up. Ends once. Thread safe. What is not implemented does
 * nothing.
 */
public interface WriteTrace {

    /** Of a record that is not followed. */
    WriteTrace NONE = new WriteTrace() {
    };

    /** What log lines about the record should say, empty for nothing. */
    default Map<String, String> ids() {
        return Map.of();
    }

    /** A try has failed, and there will be another. */
    default void failed(Throwable failure) {
    }

    /** It is in its topic. */
    default void confirmed(int partition, long offset) {
    }

    /** It is not tried again. */
    default void givenUp(Throwable failure) {
    }
}
