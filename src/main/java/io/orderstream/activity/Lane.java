package io.orderstream.activity;

import io.orderstream.support.Labelled;

/**
 * Records that keep their order among each other, of which one is in work.
 *
 * @param key what they have in common, as a rule their key, as a single line of bounded length
 * @param waiting records that wait behind the first
 * @param state what the first waits for
 * @param attempt attempts of the first that have begun and count
 * @param dueNanos when its next attempt is due, on the clock of {@link System#nanoTime()}; meaningless unless it is retrying
 */
public record Lane(String key, int waiting, State state, int attempt, long dueNanos) {

    /** What the first record of a lane waits for. */
    public enum State implements Labelled {
        /** The registry has to answer before it can be decoded. */
        DECODING,
        /** Its handler is under way. */
        HANDLING,
        /** The backoff before its next attempt. */
        RETRYING,
        /** The end of an outage. */
        PAUSED,
        /** The broker has to confirm its dead letter. */
        WRITING
    }
}
