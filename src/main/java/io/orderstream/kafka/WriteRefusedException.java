package io.orderstream.kafka;

/** Thrown if a record is rejected permanently, since it is too large. */
public class WriteRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WriteRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
