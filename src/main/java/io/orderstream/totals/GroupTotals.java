package io.orderstream.totals;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import io.smallrye.mutiny.Uni;

/**
 * The totals of a whole consumer group, read from the commits of all its partitions, so that any instance can answer for all.
 * As old as the last commit of each partition. Non-blocking; fails when the broker does not answer within the admin client's
 * timeout.
 */
@ApplicationScoped
public class GroupTotals {

    private final Admin admin;

    GroupTotals(Admin admin) {
        this.admin = admin;
    }

    /**
     * What a group has counted.
     *
     * @param totals of all its records
     * @param names by name, for those that are counted so
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

    /** The sum of what is in the group's commits for a topic. */
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
     * Records between each given offset and the end of its partition.
     *
     * @param offsets the next offset of each partition
     * @return the lag of each
     */
    public Uni<Map<TopicPartition, Long>> lags(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetSpec> ends = offsets.keySet().stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return Uni.createFrom().completionStage(() -> admin.listOffsets(ends).all().toCompletionStage())
                .map(found -> lags(offsets, found));
    }

    private static Map<TopicPartition, Long> lags(Map<TopicPartition, Long> offsets,
            Map<TopicPartition, ListOffsetsResultInfo> ends) {
        Map<TopicPartition, Long> lags = new HashMap<>();
        offsets.forEach((partition, offset) -> lags.put(partition, Math.max(0, ends.get(partition).offset() - offset)));
        return lags;
    }
}
