package io.orderstream.monitoring;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.common.TopicPartition;

import io.orderstream.commit.PartitionState;

/**
 * What is in work in a pipeline, as it was seen last.
 *
 * @param partitions where each stands
 * @param lanes keys that have records in work
 * @param atNanos when it was seen
 */
record InFlightSnapshot(List<PartitionState> partitions, int lanes, long atNanos) {

    static final InFlightSnapshot NOTHING = new InFlightSnapshot(List.of(), 0, 0);

    /** A pipeline that has not answered for longer has a blocked event loop: something is in work, whatever was seen. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);
    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    /** Records taken and not finished. */
    int inFlight() {
        return partitions.stream().mapToInt(PartitionState::inWork).sum();
    }

    /** Seconds for which the oldest record of a partition is in work or cannot be fetched, by now; 0 if there is none. */
    double oldestAge(TopicPartition partition, long nowNanos) {
        Duration since = Duration.ofNanos(nowNanos - atNanos);
        return partitions.stream().filter(state -> state.partition().equals(partition))
                .map(state -> state.inWork() > 0 || !state.oldestAge().isZero() ? state.oldestAge().plus(since)
                        : since.compareTo(LONGEST_SILENCE) > 0 ? since : Duration.ZERO)
                .mapToDouble(age -> age.toNanos() / NANOS).findFirst().orElse(0);
    }
}
