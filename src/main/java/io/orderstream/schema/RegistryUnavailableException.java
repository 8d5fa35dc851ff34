package io.orderstream.schema;

/**
 * The registry gave no usable answer: unreachable, too slow, overloaded, broken, or it does not accept our credentials.
 * It says nothing about the data: ask again later.
 */
public class RegistryUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RegistryUnavailableException(String message) {
        super(message);
    }

    public RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
