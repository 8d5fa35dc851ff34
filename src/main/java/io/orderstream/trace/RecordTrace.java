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
        HANDED_BACK
    }

    /** Used when tracing is off; does nothing. */
    RecordTrace NONE = new RecordTrace() {
    };

    /**
     * Calls the handler within a span for this attempt.
     *
     * @param number number of the attempt, starting at 1
     * @param handler must not throw
     * @return the handler's result
     */
    default <D> Uni<Void> attempt(int number, D delivery, Function<D, Uni<Void>> handler) {
        return handler.apply(delivery);
    }

    /** Sets the trace headers of a record written for this one, its dead letter or its retry. */
    default void addTo(Headers headers) {
    }

    /** MDC entries for log lines about the record, may be empty. */
    default Map<String, String> ids() {
        return Map.of();
    }

    /**
     * Ends the trace of the record in this pipeline.
     *
     * @param reason the failure, null if there was none
     */
    default void ended(Outcome outcome, Throwable reason) {
    }
}
