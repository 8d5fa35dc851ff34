package io.orderstream.record;

/**
 * Thrown by a handler for a record that cannot be processed yet while others can, such as an order of an unknown
 * customer. It is retried like after any other failure, but does not count as a sign of an outage. A {@link Decoder} fails with
 * it for a record that cannot be decoded yet.
 */
public class RecordNotReadyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RecordNotReadyException(String message) {
        super(message);
    }
}
