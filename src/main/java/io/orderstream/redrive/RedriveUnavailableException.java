package io.orderstream.redrive;

/** Thrown if redrives are unavailable since the broker does not answer; mapped to status 503. */
public final class RedriveUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RedriveUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
