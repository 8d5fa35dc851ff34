package io.orderstream.deadletter;

import io.orderstream.support.Labelled;

/** What has become of a dead letter. */
public enum DeadLetterStatus implements Labelled {

    /** Nothing yet. */
    OPEN,
    /** It has been sent back, and has not failed again so far. */
    REDRIVEN,
    /** It has been redriven as often as it may be. */
    PARKED;

    /**
     * @param letter the latest letter of an original
     * @param maxRedrives times it may be redriven
     * @param redriven knows what has been sent back
     */
    static DeadLetterStatus of(DeadLetter letter, int maxRedrives, RedrivenDeadLetters redriven) {
        if (letter.redriveCount() >= maxRedrives) {
            return PARKED;
        }
        return redriven.contains(letter) ? REDRIVEN : OPEN;
    }
}
