package io.orderstream.kafka;

/**
 * A record could not be written now. Unless the broker was known to be away, it may be in the topic all the same:
 * whoever writes it again should give it the same id.
 */
public class WriteUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WriteUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
