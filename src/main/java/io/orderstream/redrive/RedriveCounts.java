package io.orderstream.redrive;

import java.util.List;
import java.util.Map;

import io.orderstream.deadletter.DeadLetterFilter;

/**
 * What a job has found and done.
 *
 * @param matching letters the filter selects, the last of each origin only
 * @param selected those of them that are sent, or have been
 * @param sent letters whose write is confirmed
 * @param skipped letters that are not sent, by {@link Skip}'s labels
 * @param parked coordinates of the first letters that may not be redriven any more
 */
public record RedriveCounts(int matching, int selected, int sent, Map<String, Integer> skipped,
        List<DeadLetterFilter.Coordinates> parked) {

    static final RedriveCounts NONE = new RedriveCounts(0, 0, 0, Map.of(), List.of());

    /** Why a letter is not sent. */
    enum Skip {
        /** An earlier job has sent it. */
        ALREADY_REDRIVEN("alreadyRedriven"),
        /** It has been redriven as often as is allowed. */
        PARKED("parked"),
        /** Asked for by its coordinates, but its record has come back since. */
        SUPERSEDED("superseded"),
        /** The same record's letter once more. */
        COPIES("copies"),
        /** Its headers do not tell a topic it could go back to. */
        NO_ORIGIN("noOrigin"),
        /** Deleted by the topic's retention after it was selected. */
        GONE("gone"),
        /** Too large for the topic it came from. */
        REFUSED("refused");

        private final String label;

        Skip(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** Letters that are still to be sent. */
    public int remaining() {
        return selected - sent - skipped.getOrDefault(Skip.GONE.label(), 0) - skipped.getOrDefault(Skip.REFUSED.label(), 0);
    }
}
