package io.orderstream.schema;

/** The registry rejected the request permanently: unknown id or subject, incompatible or invalid schema. */
public class RegistryRejectedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final int errorCode;

    /** @param message the reason, as shown to users */
    public RegistryRejectedException(int status, int errorCode, String message) {
        super(message);
        this.status = status;
        this.errorCode = errorCode;
    }

    /** Creates the same rejection with a more detailed message. */
    RegistryRejectedException(String message, RegistryRejectedException cause) {
        super(message, cause);
        this.status = cause.status;
        this.errorCode = cause.errorCode;
    }

    /** HTTP status of the response. */
    public int status() {
        return status;
    }

    /** The registry's own error code, e.g. 40403 for an unknown schema; the HTTP status if there was none. */
    public int errorCode() {
        return errorCode;
    }
}
