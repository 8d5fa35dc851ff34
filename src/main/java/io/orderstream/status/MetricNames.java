package io.orderstream.status;

/** The names of our metrics, as Micrometer wants them; Prometheus has underscores instead of dots. */
final class MetricNames {

    /** Original records in the dead-letter topics, by {@link #KIND}. */
    static final String DEAD_LETTERS = "orderstream.dead.letters";
    /** Seconds since the oldest dead letter that can be listed was given up; 0 if there is none. */
    static final String DEAD_LETTER_OLDEST_AGE = "orderstream.dead.letter.oldest.age";

    /** Tag: why a record became a dead letter. */
    static final String KIND = "kind";

    private MetricNames() {
    }
}
