package io.orderstream.record;

/**
 * Thrown by a handler for a record that cannot be handled yet while others can, such as an order of a customer who is not known
 * so far. It is retried like any other failure, but is no sign of an outage.
 */
public class RecordNotReadyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RecordNotReadyException(String message) {
        super(message);
    }
}
