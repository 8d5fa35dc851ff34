package io.orderstream.monitoring;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.common.TopicPartition;

import io.orderstream.commit.PartitionState;

/**
 * Snapshot of the unfinished records of a pipeline.
 *
 * @param partitions state of each partition
 * @param lanes number of keys with unfinished records
 * @param atNanos {@link System#nanoTime()} of the snapshot
 */
record InFlightSnapshot(List<PartitionState> partitions, int lanes, long atNanos) {

    static final InFlightSnapshot NOTHING = new InFlightSnapshot(List.of(), 0, 0);

    /** Age of a snapshot above which the event loop counts as blocked, even if no record was unfinished. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);
    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    /** Number of unfinished records. */
    int inFlight() {
        return partitions.stream().mapToInt(PartitionState::inWork).sum();
    }

    /** Seconds for which a partition's oldest record is unfinished, or its next one cannot be fetched; else 0. */
    double oldestAge(TopicPartition partition, long nowNanos) {
        Duration since = Duration.ofNanos(nowNanos - atNanos);
        return partitions.stream().filter(state -> state.partition().equals(partition))
                .map(state -> state.inWork() > 0 || !state.oldestAge().isZero() ? state.oldestAge().plus(since)
                        : since.compareTo(LONGEST_SILENCE) > 0 ? since : Duration.ZERO)
                .mapToDouble(age -> age.toNanos() / NANOS).findFirst().orElse(0);
    }
}
