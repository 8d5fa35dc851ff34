package io.orderstream.kafka;

/** A record is refused for good, such as one that is too large. */
public class WriteRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WriteRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
