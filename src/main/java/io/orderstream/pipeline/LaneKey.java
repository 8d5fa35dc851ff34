package io.orderstream.pipeline;

import java.util.Arrays;

/** What tells one lane from another: the bytes of a key, in one partition of one topic. */
final class LaneKey {

    private final String topic;
    private final int partition;
    private final byte[] key;
    private final int hash;

    LaneKey(String topic, int partition, byte[] key) {
        this.topic = topic;
        this.partition = partition;
        this.key = key;
        this.hash = 31 * Arrays.hashCode(key) + partition;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LaneKey that && hash == that.hash && partition == that.partition
                && Arrays.equals(key, that.key) && topic.equals(that.topic);
    }
}
