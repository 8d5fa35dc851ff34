package io.orderstream.totals;

import java.util.Map;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import io.smallrye.mutiny.Uni;

/**
 * Totals of a whole consumer group, read by the admin client from the metadata of the committed offsets of all
 * partitions, so any instance can answer for the group. They are as recent as each partition's last commit.
 * Non-blocking; fails if the broker does not answer within the admin client's timeout.
 */
@ApplicationScoped
public class GroupTotals {

    private final Admin admin;

    GroupTotals(Admin admin) {
        this.admin = admin;
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
        return Uni.createFrom()
                .completionStage(
                        () -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().toCompletionStage())
                .map(offsets -> sum(offsets, topic));
    }

    private static Counted sum(Map<TopicPartition, OffsetAndMetadata> offsets, String topic) {
        return offsets.entrySet().stream()
                .filter(commit -> commit.getKey().topic().equals(topic) && commit.getValue() != null)
                .map(Map.Entry::getValue)
                .map(commit -> TotalsMetadata.read(commit.offset(), commit.metadata()).orElse(TotalsMetadata.NONE))
                .map(commit -> new Counted(commit.totals(), commit.names())).reduce(Counted.NOTHING, Counted::plus);
    }

    /**
     * Returns the number of records between an offset and the end of its partition, for each partition given.
     *
     * @param offsets next offset to be read, by partition
     */
    public Uni<Map<TopicPartition, Long>> lags(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetSpec> ends = offsets.keySet().stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return Uni.createFrom().completionStage(() -> admin.listOffsets(ends).all().toCompletionStage())
                .map(found -> offsets.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                        next -> Math.max(0, found.get(next.getKey()).offset() - next.getValue()))));
    }
}
