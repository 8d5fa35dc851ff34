package io.orderstream.record;

import java.time.Duration;
import java.util.Optional;

/**
 * Thrown by a handler if a service it calls is unavailable: connection refused, HTTP 503 or 429. The record is not at
 * fault: when its retries are used up it starts over instead of becoming a dead letter.
 */
public class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Null if the service gave no time. */
    private final Duration retryAfter;

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
        this.retryAfter = null;
    }

    /** @param retryAfter how long the service must not be called again; the pipeline is in outage for this time */
    public UnavailableException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** The time the service asked to wait before the next call. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
