package io.orderstream.status;

/** The names of our metrics, as Micrometer wants them; Prometheus has underscores instead of dots. */
final class MetricNames {

    /** Original records in the dead-letter topics, by {@link #KIND}. */
    static final String DEAD_LETTERS = "orderstream.dead.letters";
    /** Seconds since the oldest dead letter that can be listed was given up; 0 if there is none. */
    static final String DEAD_LETTER_OLDEST_AGE = "orderstream.dead.letter.oldest.age";

    /** 1 while a pipeline is in outage, else 0; by {@link #PIPELINE} and {@link #CAUSE}. */
    static final String OUTAGE = "orderstream.outage";
    /** Seconds a pipeline has been in outage since the start; by {@link #PIPELINE} and {@link #CAUSE}. */
    static final String OUTAGE_SECONDS = "orderstream.outage.seconds";

    /** Tag: why a record became a dead letter. */
    static final String KIND = "kind";
    /** Tag: name of a pipeline. */
    static final String PIPELINE = "pipeline";
    /** Tag: what is down. */
    static final String CAUSE = "cause";

    private MetricNames() {
    }
}
