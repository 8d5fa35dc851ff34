package io.orderstream.schema;

/**
 * The registry rejected the request: it does not know the id or the subject, or the schema is incompatible or cannot be used.
 */
public class RegistryRejectedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int NOT_FOUND = 404;

    private final int status;
    private final int errorCode;
    private final boolean isByAll;

    /** @param message the reason, as shown to users */
    public RegistryRejectedException(int status, int errorCode, String message) {
        this(status, errorCode, message, null, true);
    }

    /** Creates the same rejection with a more detailed message. */
    RegistryRejectedException(String message, RegistryRejectedException cause) {
        this(cause.status, cause.errorCode, message, cause, cause.isByAll);
    }

    private RegistryRejectedException(int status, int errorCode, String message, Throwable cause, boolean isByAll) {
        super(message, cause);
        this.status = status;
        this.errorCode = errorCode;
        this.isByAll = isByAll;
    }

    /** The same rejection, while another node of the registry did not answer. */
    RegistryRejectedException butNotByAll() {
        return new RegistryRejectedException(status, errorCode, getMessage(), this, false);
    }

    /** HTTP status of the response. */
    public int status() {
        return status;
    }

    /** The registry's own error code, e.g. 40403 for an unknown schema; the HTTP status if there was none. */
    public int errorCode() {
        return errorCode;
    }

    /** Whether the registry does not know what was asked for, but may know it later. */
    public boolean isUnknown() {
        return status == NOT_FOUND;
    }

    /** Whether no node was left that did not answer. */
    boolean isByAll() {
        return isByAll;
    }
}
