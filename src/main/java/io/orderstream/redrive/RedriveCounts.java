package io.orderstream.redrive;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.orderstream.deadletter.DeadLetterFilter;

/**
 * Counts of a redrive job.
 *
 * @param matching records whose latest dead letter matches the filter
 * @param selected how many of these are to be sent or have been sent
 * @param sent dead letters whose write is confirmed
 * @param skipped dead letters not sent, by reason, one of the constants
 * @param parked positions of the first dead letters that have reached the limit of redrives
 * @param leftOut the first dead letters not sent, some of each reason, by position
 */
public record RedriveCounts(int matching, int selected, int sent, Map<String, Integer> skipped,
        List<DeadLetterFilter.Coordinates> parked, List<LeftOutDeadLetter> leftOut) {

    static final RedriveCounts NONE = new RedriveCounts(0, 0, 0, Map.of(), List.of(), List.of());

    /** An earlier job has sent it. */
    static final String ALREADY_REDRIVEN = "alreadyRedriven";
    /** The limit of redrives is reached. */
    static final String PARKED = "parked";
    /** Selected by its position, but a later dead letter of the record exists. */
    static final String SUPERSEDED = "superseded";
    /** A duplicate of another dead letter of the record. */
    static final String COPIES = "copies";
    /** Its headers do not say which record it is of. */
    static final String NO_ORIGIN = "noOrigin";
    /** The topic its headers name does not exist, or is none to send to. */
    static final String UNKNOWN_TARGET = "unknownTarget";
    /** Selected by its position, where there was no dead letter when the job was created, or is none any more. */
    static final String NOT_FOUND = "notFound";
    /** Deleted, as by the topic's retention, after it was selected. */
    static final String GONE = "gone";
    /** At its position is another record than the one selected, since its topic was made anew. */
    static final String CHANGED = "changed";
    /** Larger than the target topic allows. */
    static final String TOO_LARGE = "tooLarge";
    /** Refused by the broker for another reason, such as a missing permission, or a key that a compacted topic asks for. */
    static final String REFUSED = "refused";
    /** Shortened, and kept whole by another instance than the one that runs the job, or by none any more. */
    static final String NOT_HERE = "keptElsewhere";

    /** Reasons of dead letters that count as selected. */
    private static final Set<String> OF_SELECTED = Set.of(GONE, CHANGED, TOO_LARGE, REFUSED, NOT_HERE);

    /** Jobs of earlier versions have no list. */
    public RedriveCounts {
        skipped = skipped == null ? Map.of() : skipped;
        skipped.values().forEach(Objects::requireNonNull);
        parked = parked == null ? List.of() : List.copyOf(parked);
        leftOut = leftOut == null ? List.of() : List.copyOf(leftOut);
    }

    /** Number of dead letters still to be sent. */
    public int remaining() {
        return selected - sent - OF_SELECTED.stream().mapToInt(reason -> skipped.getOrDefault(reason, 0)).sum();
    }
}
