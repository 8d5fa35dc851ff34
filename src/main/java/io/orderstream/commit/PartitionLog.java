package io.orderstream.commit;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What the broker says of a partition.
 *
 * @param topicId changes when the topic is deleted and made anew under the same name
 * @param begin the first offset there is: all before were deleted
 * @param end the offset behind the last record
 */
record PartitionLog(Uuid topicId, long begin, long end) {

    /** Where to ask. */
    @FunctionalInterface
    interface Source {

        /** Asks the broker. Does not block; fails if one of the partitions is not there or cannot be described now. */
        CompletionStage<Map<TopicPartition, PartitionLog>> describe(Set<TopicPartition> partitions);
    }

    /** Asks with this client, which needs no other right than that to read the topics. */
    static Source source(Admin admin) {
        return partitions -> {
            Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
            CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> begins = offsets(admin, partitions,
                    OffsetSpec.earliest());
            CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> ends = offsets(admin, partitions, OffsetSpec.latest());
            CompletionStage<Map<String, TopicDescription>> described = admin.describeTopics(topics).allTopicNames()
                    .toCompletionStage();
            return described.thenCompose(topic -> begins.thenCombine(ends, (begin, end) -> partitions.stream()
                    .collect(Collectors.toMap(Function.identity(), each -> new PartitionLog(topic.get(each.topic()).topicId(),
                            begin.get(each).offset(), end.get(each).offset())))));
        };
    }

    private static CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> offsets(Admin admin,
            Set<TopicPartition> partitions, OffsetSpec which) {
        return admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), each -> which))).all()
                .toCompletionStage();
    }
}
