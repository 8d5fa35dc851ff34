package io.orderstream.pipeline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What tells one lane from another: topic, partition, and what its records have in common, which is their key, or what the
 * definition of the pipeline has named instead. The latter is an object of somebody's class: it is asked for its hash once, and
 * one whose {@code equals} throws is equal to itself only.
 */
final class LaneKey {

    private static final int PRIME = 31;

    private final String topic;
    private final int partition;
    private final Object common;
    private final int hash;

    /**
     * @param topic topic of its records
     * @param partition their partition
     * @param common what they have in common
     */
    LaneKey(String topic, int partition, Object common) {
        this.topic = topic;
        this.partition = partition;
        this.common = common;
        this.hash = (PRIME * topic.hashCode() + partition) * PRIME + common.hashCode();
    }

    /** What its records have in common, as text of any length. */
    String common() {
        if (common instanceof ByteBuffer bytes) {
            return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        }
        try {
            return String.valueOf(common);
        } catch (Throwable e) {
            return common.getClass().getName();
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof LaneKey that && hash == that.hash && partition == that.partition
                && topic.equals(that.topic) && isCommonWith(that);
    }

    private boolean isCommonWith(LaneKey other) {
        try {
            return common.equals(other.common);
        } catch (Throwable e) {
            return false;
        }
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
