package io.orderstream.deadletter;

import java.util.function.Predicate;

import io.orderstream.support.Labelled;

/** Status of a dead letter with regard to redriving. */
public enum DeadLetterStatus implements Labelled {

    /** It has not been redriven. */
    OPEN,
    /** It has been redriven and has not failed again since. */
    REDRIVEN,
    /** It has been redriven {@code MAX_REDRIVES} times and cannot be redriven again. */
    PARKED;

    /** Returns the status of the latest dead letter of a record, which may be redriven {@code maxRedrives} times. */
    static DeadLetterStatus of(DeadLetter letter, int maxRedrives, Predicate<DeadLetter> redriven) {
        if (letter.redriveCount() >= maxRedrives) {
            return PARKED;
        }
        return redriven.test(letter) ? REDRIVEN : OPEN;
    }
}
