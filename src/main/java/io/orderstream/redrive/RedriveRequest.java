package io.orderstream.redrive;

import org.jetbrains.annotations.Nullable;

import io.orderstream.deadletter.DeadLetterFilter;

/**
 * Parameters of a redrive job.
 *
 * @param filter filter for dead letters
 * @param includeRedriven whether to send dead letters again that an earlier job has sent
 * @param ratePerSecond most dead letters per second, null for no limit
 * @param limit most dead letters sent, up to {@value #MOST_LETTERS}
 */
public record RedriveRequest(DeadLetterFilter filter, boolean includeRedriven, @Nullable Double ratePerSecond, int limit) {

    /** Most dead letters of a job. Those sent are written in its record, which must stay below Kafka's usual 1 MB. */
    public static final int MOST_LETTERS = 100_000;

    /** @throws IllegalArgumentException if it has no filter, or a limit or rate that sends nothing for ever */
    public RedriveRequest {
        if (filter == null || limit < 1 || ratePerSecond != null && !(ratePerSecond > 0)) {
            throw new IllegalArgumentException(
                    "a request without a filter, a limit or a rate: " + limit + ", " + ratePerSecond);
        }
    }
}
