package io.orderstream.pipeline;

/** The bytes of a record can never be read, however often it is tried: the record is dead-lettered as {@code undecodable}. */
public class UndecodableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UndecodableException(String message) {
        super(message);
    }

    public UndecodableException(String message, Throwable cause) {
        super(message, cause);
    }
}
