package io.orderstream.pipeline;

import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.faulttolerance.Retry;

import io.smallrye.faulttolerance.api.ExponentialBackoff;
import io.smallrye.mutiny.Uni;

/**
 * The retries of every pipeline: the annotations set their number and their delays, application.properties binds both to the
 * settings {@code MAX_RETRIES} and {@code RETRY_BACKOFF_SECONDS}.
 * <p>
 * Only a record whose first attempt has failed comes here, since a call through an interceptor costs several times what the
 * rest of the pipeline does. Its first invocation therefore returns that failure at once, and counts and delays are those of
 * the annotations.
 */
@ApplicationScoped
public class Retries {

    /** Each backoff is so many times as long as the one before. */
    static final int FACTOR = 2;
    /** No backoff is longer. */
    static final int LONGEST_MINUTES = 10;

    /**
     * Makes attempts until one succeeds or the retries are exhausted. Delays are timers: no thread waits. Nobody need wait for
     * the outcome: a record that is not to be retried any more just makes no further attempt.
     *
     * @param attempts gives the first attempt's failure, then makes a new attempt at each call
     * @return the outcome of the last attempt
     */
    @Retry(maxRetries = 3, delay = 1000, maxDuration = 0, jitter = 0, retryOn = Throwable.class)
    @ExponentialBackoff(factor = FACTOR, maxDelay = LONGEST_MINUTES, maxDelayUnit = ChronoUnit.MINUTES)
    public Uni<Void> call(Supplier<Uni<Void>> attempts) {
        return attempts.get();
    }
}
