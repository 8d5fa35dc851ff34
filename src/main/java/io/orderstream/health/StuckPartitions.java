package io.orderstream.health;

import java.time.Duration;
import java.util.List;

import io.orderstream.commit.PartitionState;

/**
 * The partitions of a pipeline whose oldest unfinished record is too old, and whether they count as stuck. In an
 * outage all records grow old, and after it those that waited need some time to be finished.
 *
 * @param assigned number of partitions assigned
 * @param old partitions whose oldest unfinished record is too old
 * @param isExcused whether the pipeline is in an outage, or was recently
 */
record StuckPartitions(int assigned, List<PartitionState> old, boolean isExcused) {

    /**
     * @param stuckAfter age above which a record is too old, and the time that must have passed since an outage
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
