package io.orderstream.redrive;

import java.util.List;
import java.util.Map;

import io.orderstream.deadletter.DeadLetterFilter;

/**
 * Counts of a redrive job.
 *
 * @param matching records whose latest dead letter matches the filter
 * @param selected how many of these are to be sent or have been sent
 * @param sent dead letters whose write is confirmed
 * @param skipped dead letters not sent, by reason, one of the constants
 * @param parked positions of the first dead letters that have reached the limit of redrives
 */
public record RedriveCounts(int matching, int selected, int sent, Map<String, Integer> skipped,
        List<DeadLetterFilter.Coordinates> parked) {

    static final RedriveCounts NONE = new RedriveCounts(0, 0, 0, Map.of(), List.of());

    /** An earlier job has sent it. */
    static final String ALREADY_REDRIVEN = "alreadyRedriven";
    /** The limit of redrives is reached. */
    static final String PARKED = "parked";
    /** Selected by its position, but a later dead letter of the record exists. */
    static final String SUPERSEDED = "superseded";
    /** A duplicate of another dead letter of the record. */
    static final String COPIES = "copies";
    /** Its headers name no topic it could be sent to. */
    static final String NO_ORIGIN = "noOrigin";
    /** Deleted by the topic's retention after it was selected. */
    static final String GONE = "gone";
    /** Larger than the target topic allows. */
    static final String REFUSED = "refused";

    /** Number of dead letters still to be sent. */
    public int remaining() {
        return selected - sent - skipped.getOrDefault(GONE, 0) - skipped.getOrDefault(REFUSED, 0);
    }
}
