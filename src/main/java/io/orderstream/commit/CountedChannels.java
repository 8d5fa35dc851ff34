package io.orderstream.commit;

/** Tells how the records of channels are counted. */
public interface CountedChannels {

    /**
     * How the records of a channel are counted.
     *
     * @throws IllegalArgumentException if nobody counts those of this channel
     */
    Counting counting(String channel);
}
