package io.orderstream.guarantee;

/** One thing the application promises, whatever happens while it works. */
interface ProcessingGuarantee {

    /** What is promised, as a sentence. */
    String name();

    /** Fails with an {@link AssertionError} that tells by how much the promise is broken. */
    void check(Evidence evidence);
}
