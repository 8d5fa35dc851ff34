package io.orderstream.json;

/** Bytes are not JSON. */
public class NotJsonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotJsonException(String message) {
        super(message);
    }
}
