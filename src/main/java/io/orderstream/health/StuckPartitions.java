package io.orderstream.health;

import java.time.Duration;
import java.util.List;

import io.orderstream.commit.PartitionState;

/**
 * The partitions of a pipeline whose oldest unfinished record is too old, and whether that is a sign of being stuck.
 * In an outage all records grow old, and those that have waited for its end need some time to be finished, the oldest
 * of them last perhaps.
 *
 * @param assigned how many partitions the pipeline has
 * @param old those of them whose record is too old
 * @param isExcused whether there is an outage, or has been one too recently
 */
record StuckPartitions(int assigned, List<PartitionState> old, boolean isExcused) {

    /**
     * @param stuckAfter age from which on a record is too old, and time that must have passed since an outage
     * @param sinceLastOutage time since the last outage of the pipeline, zero while there is one
     */
    static StuckPartitions of(List<PartitionState> partitions, Duration stuckAfter, Duration sinceLastOutage) {
        return new StuckPartitions(partitions.size(),
                partitions.stream().filter(state -> state.oldestAge().compareTo(stuckAfter) > 0).toList(),
                sinceLastOutage.compareTo(stuckAfter) < 0);
    }

    boolean areStuck() {
        return !old.isEmpty() && !isExcused;
    }
}
