package io.orderstream.json;

/** Thrown if bytes are not JSON as {@link StrictJson} requires. */
public class NotJsonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotJsonException(String message) {
        super(message);
    }
}
