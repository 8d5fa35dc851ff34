package io.orderstream.schema;

/**
 * The registry gave no usable response: unreachable, too slow, overloaded, broken, or it rejects the credentials.
 * Retry later; the data is not at fault.
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
