package io.orderstream.deadletter;

/** Tells which dead letters have been redriven. Thread safe; answers from memory. */
public interface RedrivenDeadLetters {

    /**
     * Whether the dead letter has been sent by any redrive job.
     *
     * @param topicId id of the dead-letter topic the letter was read from, null if it is not known
     */
    boolean contains(DeadLetter letter, String topicId);
}
