package io.orderstream.pipeline;

/** An outage has begun between two attempts of a record: it waits for its end, and begins its attempts anew. */
final class InterruptedByOutageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InterruptedByOutageException() {
        super("interrupted by an outage", null, false, false);
    }
}
