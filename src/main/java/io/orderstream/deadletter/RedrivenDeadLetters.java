package io.orderstream.deadletter;

/** Knows which letters a redrive job has sent back. Any thread may ask; the answer must come from memory. */
public interface RedrivenDeadLetters {

    /** Whether this very letter, by its coordinates in the dead-letter topic, has been sent. */
    boolean contains(DeadLetter letter);
}
