package io.orderstream.kafka;

/**
 * Thrown if a write is not confirmed. Unless the broker was known to be absent, the record may have been written: a
 * client that writes it again should use the same id.
 */
public class WriteUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WriteUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
