package io.orderstream.trace;

import java.util.Map;

/** Traces the write of one record until the broker confirms it or it is given up. Thread safe. */
public interface WriteTrace {

    /** Used when tracing is off; does nothing. */
    WriteTrace NONE = new WriteTrace() {
        @Override
        public Map<String, String> ids() {
            return Map.of();
        }

        @Override
        public void failed(Throwable failure) {
            // not followed
        }

        @Override
        public void confirmed(int partition, long offset) {
            // not followed
        }

        @Override
        public void givenUp(Throwable failure) {
            // not followed
        }
    };

    /** MDC entries for log lines about the record, may be empty. */
    Map<String, String> ids();

    /** An attempt failed and will be repeated. */
    void failed(Throwable failure);

    /** The broker confirmed the record; ends the trace. */
    void confirmed(int partition, long offset);

    /** The write is not attempted again; ends the trace. */
    void givenUp(Throwable failure);
}
