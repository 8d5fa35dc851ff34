package io.orderstream.redrive;

/** The broker does not answer, so that nothing can be said or done about redrives now. */
public final class RedriveUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RedriveUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
