package io.orderstream.record;

/** The record itself is at fault, so that no further attempt can succeed: it is never retried, and dead-lettered as poison. */
public class PoisonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PoisonException(String message) {
        super(message);
    }

    public PoisonException(String message, Throwable cause) {
        super(message, cause);
    }
}
