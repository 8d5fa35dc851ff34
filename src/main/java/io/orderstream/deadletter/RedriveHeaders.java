package io.orderstream.deadletter;

/** Headers of a redriven record, exactly one of each. A later dead letter of the record has them too. */
public final class RedriveHeaders {

    /** How often the record has been redriven. */
    public static final String COUNT = "redrive-count";
    /** Id of the job that redrove it last. */
    public static final String ID = "redrive-id";
    /** Original record, as {@link Origin#toString}. */
    public static final String ORIGIN = "redrive-origin";

    private RedriveHeaders() {
    }
}
