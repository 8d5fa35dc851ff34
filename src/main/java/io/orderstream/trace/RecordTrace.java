package io.orderstream.trace;

import java.util.Map;
import java.util.function.Function;

import org.apache.kafka.common.header.Headers;

import io.smallrye.mutiny.Uni;

/** Traces one record from the start of its processing to its outcome. Call on the event loop of its channel. */
public interface RecordTrace {

    /** Outcome of a record in the pipeline. */
    enum Outcome {
        /** The handler succeeded. */
        PROCESSED("processed"),
        /** The dead letter was written. */
        DEAD_LETTERED("dead-lettered"),
        /** The record was written to the retry topic, where it is retried. */
        MOVED("moved"),
        /** Not finished: the next owner of the partition processes it. */
        HANDED_BACK("handed-back"),
        /** The dead letter cannot be written: the record stays uncommitted and is read again after a restart. */
        STUCK("stuck");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** Used when tracing is off; does nothing. */
    RecordTrace NONE = new RecordTrace() {
        @Override
        public <D> Uni<Void> attempt(int number, D delivery, Function<D, Uni<Void>> handler) {
            return handler.apply(delivery);
        }

        @Override
        public void addTo(Headers headers) {
            // not followed
        }

        @Override
        public Map<String, String> ids() {
            return Map.of();
        }

        @Override
        public void ended(Outcome outcome, Throwable reason) {
            // not followed
        }
    };

    /**
     * Calls the handler within a span for this attempt.
     *
     * @param number number of the attempt, starting at 1
     * @param handler must not throw
     * @return the handler's result
     */
    <D> Uni<Void> attempt(int number, D delivery, Function<D, Uni<Void>> handler);

    /** Sets the trace headers of a record written for this one, its dead letter or its retry. */
    void addTo(Headers headers);

    /** MDC entries for log lines about the record, may be empty. */
    Map<String, String> ids();

    /**
     * Ends the trace of the record in this pipeline.
     *
     * @param reason the failure, null if there was none
     */
    void ended(Outcome outcome, Throwable reason);
}
