package io.orderstream.deadletter;

/** Tells which dead letters have been redriven. Thread safe; answers from memory. */
public interface RedrivenDeadLetters {

    /** Whether the dead letter at this position has been sent by any redrive job. */
    boolean contains(DeadLetter letter);
}
