package io.orderstream.order;

import io.orderstream.record.PoisonException;

/**
 * Thrown by an {@link OrderHandler} for an order that no further attempt can save, such as one for a product that does not
 * exist. It is never retried; any other failure is.
 */
public class PoisonOrderException extends PoisonException {

    private static final long serialVersionUID = 1L;

    public PoisonOrderException(String message) {
        super(message);
    }

    public PoisonOrderException(String message, Throwable cause) {
        super(message, cause);
    }
}
