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

    static RegistryError unknownSubject(String subject) {
        return new RegistryError(40401, "Subject '" + subject + "' not found.");
    }

    static RegistryError unknownVersion(String version) {
        return new RegistryError(40402, "Version " + version + " not found.");
    }

    static RegistryError unknownSchema(Object what) {
        return new RegistryError(40403, "Schema " + what + " not found.");
    }
}
