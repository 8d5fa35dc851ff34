package io.orderstream.dev;

/** Error response of the embedded registry. */
final class RegistryError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;

    /** @param code Confluent's error code, whose first three digits are the HTTP status */
    RegistryError(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    int status() {
        return code < 1000 ? code : code / 100;
    }
}
