package io.orderstream.record;

/** Thrown by a handler if no attempt at a record can succeed: it is dead-lettered as {@code poison}, not retried. */
public class PoisonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PoisonException(String message) {
        super(message);
    }

    public PoisonException(String message, Throwable cause) {
        super(message, cause);
    }
}
