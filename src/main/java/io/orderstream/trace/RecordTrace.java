package io.orderstream.trace;

import java.util.Map;
import java.util.function.Function;

import org.apache.kafka.common.header.Headers;

import io.orderstream.support.Labelled;
import io.smallrye.mutiny.Uni;

/**
 * Follows one record from when it is taken into work to its end. To be used on the event loop of its channel. What is not
 * implemented does nothing.
 */
public interface RecordTrace {

    /** How a record leaves the pipeline. */
    enum Outcome implements Labelled {
        /** Its handler has succeeded. */
        PROCESSED,
        /** Its dead letter is written. */
        DEAD_LETTERED,
        /** It goes on in the retry topic. */
        MOVED,
        /** Whoever reads its partition next handles it. */
        HANDED_BACK,
        /** Its dead letter was refused for good: its partition stays at its offset, and it is read again after a restart. */
        STUCK
    }

    /** Of a record that is not followed. */
    RecordTrace NONE = new RecordTrace() {
    };

    /**
     * Calls the handler as attempt of this record: what it does, and what it waits for, belongs to the attempt.
     *
     * @param number of the attempt, from 1
     * @param handler must not throw
     * @return what the handler answers
     */
    default <D> Uni<Void> attempt(int number, D delivery, Function<D, Uni<Void>> handler) {
        return handler.apply(delivery);
    }

    /** Headers of what becomes of the record elsewhere, its dead letter or its retry, name this from now on. */
    default void addTo(Headers headers) {
    }

    /** What log lines about the record should say, empty for nothing. */
    default Map<String, String> ids() {
        return Map.of();
    }

    /**
     * It is at its end here.
     *
     * @param reason why it has failed, null if it has not
     */
    default void ended(Outcome outcome, Throwable reason) {
    }
}
