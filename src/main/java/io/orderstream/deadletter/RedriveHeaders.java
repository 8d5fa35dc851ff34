package io.orderstream.deadletter;

/**
 * The headers of a redriven record, exactly one of each. They stay with the record, also when it becomes a dead letter again.
 */
public final class RedriveHeaders {

    /** How often it has been redriven. */
    public static final String COUNT = "redrive-count";
    /** The job that redrove it last. */
    public static final String ID = "redrive-id";
    /** What it was at first, as {@link Origin} writes it. */
    public static final String ORIGIN = "redrive-origin";

    private RedriveHeaders() {
    }
}
