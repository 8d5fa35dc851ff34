package io.orderstream.record;

import java.time.Duration;
import java.util.Optional;

/**
 * Thrown by a handler when what it calls says, or shows by its absence, that it is not to be had now: connection refused, HTTP
 * 503 or 429. That is never the record's fault: a record that has used up its retries with it begins anew instead of becoming
 * a dead letter.
 */
public class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Null if it was not told. */
    private final Duration retryAfter;

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
        this.retryAfter = null;
    }

    /** @param retryAfter for how long nobody is to call again: the pipeline is in outage for as long */
    public UnavailableException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** For how long it has asked to be left alone. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
