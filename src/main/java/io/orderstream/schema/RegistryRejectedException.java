package io.orderstream.schema;

/** The registry understood the request and refused it for good: an unknown id or subject, an incompatible or invalid schema. */
public class RegistryRejectedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final int errorCode;

    /**
     * @param status HTTP status of the answer
     * @param errorCode the registry's own code, e.g. 40403; the status where it gave none
     * @param message the sentence shown to people
     */
    public RegistryRejectedException(int status, int errorCode, String message) {
        super(message);
        this.status = status;
        this.errorCode = errorCode;
    }

    /** The same refusal in a sentence that says more. */
    RegistryRejectedException(String message, RegistryRejectedException cause) {
        super(message, cause);
        this.status = cause.status;
        this.errorCode = cause.errorCode;
    }

    /** HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The registry's own code, e.g. 40403 for an unknown schema. */
    public int errorCode() {
        return errorCode;
    }
}
