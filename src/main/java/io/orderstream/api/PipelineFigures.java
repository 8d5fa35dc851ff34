package io.orderstream.api;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.common.TopicPartition;
import org.jetbrains.annotations.Nullable;

import io.orderstream.commit.PartitionState;
import io.orderstream.kafka.PartitionLag;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.totals.GroupTotals;
import io.orderstream.totals.GroupTotals.Counted;
import io.orderstream.totals.Tally;
import io.orderstream.totals.Totals;
import io.smallrye.mutiny.Uni;

/**
 * Statistics of a pipeline: of this instance as of now, and of its consumer group as of the last commits.
 *
 * @param totals totals of this instance
 * @param retries attempts beyond the first, since this instance started
 * @param names counts of this instance by name
 * @param partitions state of the partitions of its topic that are assigned to this instance
 * @param group totals of the consumer group, null while the broker does not answer
 */
public record PipelineFigures(Totals totals, long retries, Tally names, List<Partition> partitions, Counted group) {

    private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(2);

    /**
     * A partition assigned to this instance.
     *
     * @param partition number of the partition
     * @param offset next offset to commit: all records before it are finished
     * @param lag records from this offset to the end, null while the broker does not answer
     * @param lagInTransaction those of them that are in or behind an open transaction and cannot be read yet, null likewise
     */
    public record Partition(int partition, long offset, @Nullable Long lag, @Nullable Long lagInTransaction) {

        private static Partition of(PartitionState state, PartitionLag lag) {
            return new Partition(state.partition().partition(), state.watermark(), lag == null ? null : lag.records(),
                    lag == null ? null : lag.inTransaction());
        }
    }

    /** Collects current statistics; waits up to {@link #BROKER_TIMEOUT} for the broker. Thread safe. */
    static Uni<PipelineFigures> of(RunningPipeline pipeline, GroupTotals groups) {
        // A record moved to the retry topic is finished, and counted, there.
        Uni<Counted> group = Uni.join()
                .all(pipeline.sources().stream().map(source -> groups.of(source.group(), source.topic())).toList())
                .andFailFast().map(counted -> counted.stream().reduce(Counted.NOTHING, Counted::plus))
                .ifNoItem().after(BROKER_TIMEOUT).fail().onFailure().recoverWithNull();
        Uni<List<Partition>> partitions = pipeline.partitions()
                .map(states -> ofTopic(states, pipeline.sources().get(0).topic()))
                .chain(states -> partitions(states, groups));
        return Uni.combine().all().unis(partitions, pipeline.tally(), group)
                .with((list, names, counted) -> new PipelineFigures(pipeline.totals().totals(), pipeline.totals().retries(),
                        names, list, counted));
    }

    private static List<PartitionState> ofTopic(List<PartitionState> partitions, String topic) {
        return partitions.stream().filter(state -> state.partition().topic().equals(topic)).toList();
    }

    private static Uni<List<Partition>> partitions(List<PartitionState> states, GroupTotals groups) {
        Map<TopicPartition, Long> watermarks = states.stream()
                .collect(Collectors.toMap(PartitionState::partition, PartitionState::watermark));
        return groups.lags(watermarks)
                .ifNoItem().after(BROKER_TIMEOUT).fail().onFailure().recoverWithItem(Map.of())
                .map(lags -> states.stream()
                        .map(state -> Partition.of(state, lags.get(state.partition())))
                        .sorted(Comparator.comparingInt(Partition::partition)).toList());
    }
}
