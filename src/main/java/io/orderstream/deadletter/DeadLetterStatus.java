package io.orderstream.deadletter;

import io.orderstream.support.Labelled;

/** Status of a dead letter with regard to redriving. */
public enum DeadLetterStatus implements Labelled {

    /** It has not been redriven. */
    OPEN,
    /** It has been redriven and has not failed again since. */
    REDRIVEN,
    /** It has been redriven {@code MAX_REDRIVES} times and cannot be redriven again. */
    PARKED;

    /**
     * @param letter the latest dead letter of a record
     * @param maxRedrives how often a record may be redriven
     * @param redriven the dead letters that have been redriven
     */
    static DeadLetterStatus of(DeadLetter letter, int maxRedrives, RedrivenDeadLetters redriven) {
        if (letter.redriveCount() >= maxRedrives) {
            return PARKED;
        }
        return redriven.contains(letter) ? REDRIVEN : OPEN;
    }
}
