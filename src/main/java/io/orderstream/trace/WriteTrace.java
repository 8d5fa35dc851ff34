package io.orderstream.trace;

import java.util.Map;

/** Follows one record until the broker has confirmed it, or it is given up. Ends once. Thread safe. */
public interface WriteTrace {

    /** Of a record that is not followed. */
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

    /** What log lines about the record should say, empty for nothing. */
    Map<String, String> ids();

    /** A try has failed, and there will be another. */
    void failed(Throwable failure);

    /** It is in its topic. */
    void confirmed(int partition, long offset);

    /** It is not tried again. */
    void givenUp(Throwable failure);
}
