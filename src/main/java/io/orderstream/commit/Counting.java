package io.orderstream.commit;

import io.orderstream.totals.RunningTotals;

/**
 * How the records of a channel are counted.
 *
 * @param totals where each finished record is added up
 * @param isReceived whether its records count as received; those of a retry topic have been counted before
 * @param namesLength characters of a commit's text that counts by name may have; 0 for a channel that counts none
 */
public record Counting(RunningTotals totals, boolean isReceived, int namesLength) {

    /** Room for counts by name. What is left lists what was finished out of order. */
    public static final int NAMES_LENGTH = 2_800;

    /** Tells how the records of channels are counted, and for whom. */
    public interface CountedChannels {

        /** @throws IllegalArgumentException if nobody counts those of this channel */
        Counting counting(String channel);

        /**
         * The name of the pipeline that reads this channel.
         *
         * @throws IllegalArgumentException if none does
         */
        String pipeline(String channel);
    }
}
