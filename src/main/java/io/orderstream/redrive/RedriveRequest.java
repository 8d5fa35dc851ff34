package io.orderstream.redrive;

import io.orderstream.deadletter.DeadLetterFilter;

/**
 * What an operator wants to have redriven.
 *
 * @param filter which letters
 * @param includeRedriven whether letters an earlier job has sent are sent once more
 * @param ratePerSecond letters sent per second at the most, null for no such limit
 * @param limit letters sent at the most, up to {@value #MOST_LETTERS}
 */
public record RedriveRequest(DeadLetterFilter filter, boolean includeRedriven, Double ratePerSecond, int limit) {

    /** Letters of one job: what has been sent is written in its record, which must stay below Kafka's usual megabyte. */
    public static final int MOST_LETTERS = 100_000;
    /** Coordinates in a filter: they stand in the job's record too. */
    public static final int MOST_COORDINATES = 1_000;
}
