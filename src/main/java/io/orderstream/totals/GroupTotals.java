package io.orderstream.totals;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.kafka.OffsetGaps;
import io.orderstream.kafka.PartitionLag;
import io.smallrye.mutiny.Uni;

/**
 * Totals of a whole consumer group, read by the admin client from the metadata of the committed offsets of all
 * partitions, so any instance can answer for the group. They are as recent as each partition's last commit.
 * Non-blocking; fails if the broker does not answer within the admin client's timeout.
 */
@ApplicationScoped
public class GroupTotals {

    private final Admin admin;
    private final OffsetGaps gaps;

    /** @param gaps knows which offsets hold no record */
    public GroupTotals(Admin admin, OffsetGaps gaps) {
        this.admin = admin;
        this.gaps = gaps;
    }

    /**
     * Counts of a consumer group.
     *
     * @param totals totals of all its records
     * @param names the same by name, empty if the pipeline does not count by name
     */
    public record Counted(Totals totals, Tally names) {

        public static final Counted NOTHING = new Counted(Totals.ZERO, new Tally());

        public Counted plus(Counted other) {
            Tally sum = new Tally();
            sum.add(names);
            sum.add(other.names);
            return new Counted(totals.plus(other.totals), sum);
        }
    }

    /** Sums up the group's committed totals over all partitions of a topic. */
    public Uni<Counted> of(String group, String topic) {
        return committed(group).map(offsets -> sum(offsets, topic));
    }

    private Uni<Map<TopicPartition, OffsetAndMetadata>> committed(String group) {
        return Uni.createFrom().completionStage(
                () -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().toCompletionStage());
    }

    /** Sums up what a group has committed with these offsets, over all partitions of a topic. */
    public static Counted sum(Map<TopicPartition, OffsetAndMetadata> offsets, String topic) {
        return offsets.entrySet().stream()
                .filter(commit -> commit.getKey().topic().equals(topic) && commit.getValue() != null)
                .map(Map.Entry::getValue)
                .map(commit -> TotalsMetadata.read(commit.offset(), commit.metadata()).orElse(TotalsMetadata.NONE))
                .map(commit -> new Counted(commit.totals(), commit.names())).reduce(Counted.NOTHING, Counted::plus);
    }

    /** Returns how far a group is behind the end of partitions, by its commits; from the beginning if it has none. */
    public Uni<Map<TopicPartition, PartitionLag>> lags(String group, Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return Uni.combine().all().unis(committed(group), offsets(partitions, OffsetSpec.earliest(), new ListOffsetsOptions()))
                .withUni((committed, beginnings) -> lags(partitions.stream().collect(Collectors.toMap(Function.identity(),
                        partition -> next(committed.get(partition), beginnings.get(partition).offset())))));
    }

    private static long next(OffsetAndMetadata committed, long beginning) {
        return committed == null ? beginning : Math.max(beginning, committed.offset());
    }

    /**
     * Returns how far each reader is behind the end of its partition.
     *
     * @param offsets next offset to be read, by partition
     */
    public Uni<Map<TopicPartition, PartitionLag>> lags(Map<TopicPartition, Long> offsets) {
        // One after the other: a transaction that ends meanwhile is not open in between.
        return ends(offsets.keySet(), IsolationLevel.READ_UNCOMMITTED)
                .chain(ends -> ends(offsets.keySet(), IsolationLevel.READ_COMMITTED)
                        .map(readable -> offsets.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                                next -> lag(next.getKey(), next.getValue(), readable.get(next.getKey()).offset(),
                                        ends.get(next.getKey()).offset())))));
    }

    private Uni<Map<TopicPartition, ListOffsetsResultInfo>> ends(Set<TopicPartition> partitions, IsolationLevel isolation) {
        return offsets(partitions, OffsetSpec.latest(), new ListOffsetsOptions(isolation));
    }

    private Uni<Map<TopicPartition, ListOffsetsResultInfo>> offsets(Set<TopicPartition> partitions, OffsetSpec which,
            ListOffsetsOptions options) {
        Map<TopicPartition, OffsetSpec> wanted = partitions.stream()
                .collect(Collectors.toMap(Function.identity(), partition -> which));
        return Uni.createFrom().completionStage(() -> admin.listOffsets(wanted, options).all().toCompletionStage());
    }

    private PartitionLag lag(TopicPartition partition, long next, long readable, long end) {
        long behind = Math.max(0, end - next - gaps.between(partition, next, end));
        return new PartitionLag(behind, Math.min(behind, Math.max(0, end - Math.max(readable, next))));
    }
}
