package io.orderstream.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.kafka.PartitionLag;
import io.orderstream.pipeline.RunningPipeline.Source;
import io.orderstream.support.LogText;

/**
 * A consumer group of a pipeline in the response of {@code GET /api/instances}.
 *
 * @param pipeline name of the pipeline
 * @param group the group
 * @param topic the topic it reads for the pipeline
 * @param state Kafka's state of the group, such as {@code stable}
 * @param members its members, this instance first and then by their partitions, at most {@value #MOST_MEMBERS}
 * @param memberCount number of its members, including those not listed
 */
public record ConsumerGroupView(String pipeline, String group, String topic, String state, List<Member> members,
        int memberCount) {

    static final int MOST_MEMBERS = 100;

    private static final int LONGEST_TEXT = 200;

    private static final Comparator<Member> IN_ORDER = Comparator.comparing((Member member) -> !member.isThis())
            .thenComparing(member -> member.partitions().isEmpty() ? Integer.MAX_VALUE : member.partitions().get(0))
            .thenComparing(Member::id);

    /**
     * A member of the group.
     *
     * @param id its id in the group
     * @param host where it connects from
     * @param isThis whether it is the instance that answers
     * @param partitions partitions of the topic that are assigned to it
     * @param lag records between what the group has committed and the end of these partitions
     */
    public record Member(String id, String host, boolean isThis, List<Integer> partitions, long lag) {
    }

    /**
     * @param found what Kafka says of the group, null if it does not know it
     * @param lags lag of each assigned partition
     * @param own ids of this instance as a member
     */
    static ConsumerGroupView of(String pipeline, Source source, ConsumerGroupDescription found,
            Map<TopicPartition, PartitionLag> lags, Set<String> own) {
        if (found == null) {
            return new ConsumerGroupView(pipeline, source.group(), source.topic(), state(GroupState.EMPTY), List.of(), 0);
        }
        List<Member> members = found.members().stream()
                .map(member -> member(member, assigned(member, source.topic()), lags, own.contains(member.consumerId())))
                .sorted(IN_ORDER).limit(MOST_MEMBERS).toList();
        return new ConsumerGroupView(pipeline, source.group(), source.topic(), state(found.groupState()), members,
                found.members().size());
    }

    private static Member member(MemberDescription member, List<TopicPartition> partitions,
            Map<TopicPartition, PartitionLag> lags, boolean isThis) {
        // In Java an address has a slash before it.
        String host = member.host().startsWith("/") ? member.host().substring(1) : member.host();
        return new Member(LogText.line(member.consumerId(), LONGEST_TEXT), LogText.line(host, LONGEST_TEXT), isThis,
                partitions.stream().map(TopicPartition::partition).toList(),
                partitions.stream().map(lags::get).mapToLong(PartitionLag::records).sum());
    }

    /** The partitions of a topic that are assigned to a member, in their order. */
    static List<TopicPartition> assigned(MemberDescription member, String topic) {
        Collection<TopicPartition> all = member.assignment().topicPartitions();
        return all.stream().filter(partition -> partition.topic().equals(topic))
                .sorted(Comparator.comparingInt(TopicPartition::partition)).toList();
    }

    private static String state(GroupState state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
