package io.orderstream.commit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import io.orderstream.support.SharedAnswer;
import io.smallrye.mutiny.Uni;

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

        /**
         * Which of these partitions may be those of a topic that was made anew. Does not block, and may be a second old.
         *
         * @param known the topic ids they had
         */
        default CompletionStage<Set<TopicPartition>> changed(Map<TopicPartition, Uuid> known) {
            return describe(known.keySet()).thenApply(logs -> known.keySet().stream()
                    .filter(partition -> !known.get(partition).equals(logs.get(partition).topicId()))
                    .collect(Collectors.toSet()));
        }
    }

    /** Asks with this client, which needs no other right than that to read the topics. */
    static Source source(Admin admin) {
        return new Broker(admin);
    }

    /**
     * Asks a broker, for all channels. The ids of all their topics are asked for at once, and at most once a second. Thread
     * safe.
     */
    private static final class Broker implements Source {

        private static final Duration SHARED = Duration.ofSeconds(1);

        private final Admin admin;
        private final Set<Uuid> ids = ConcurrentHashMap.newKeySet();
        private final SharedAnswer<Set<Uuid>> existing = new SharedAnswer<>(SHARED, this::askForIds);

        Broker(Admin admin) {
            this.admin = admin;
        }

        @Override
        public CompletionStage<Map<TopicPartition, PartitionLog>> describe(Set<TopicPartition> partitions) {
            CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> begins = offsets(partitions, OffsetSpec.earliest());
            CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> ends = offsets(partitions, OffsetSpec.latest());
            CompletionStage<Map<String, TopicDescription>> described = admin.describeTopics(topics(partitions)).allTopicNames()
                    .toCompletionStage();
            return described.thenCompose(topic -> begins.thenCombine(ends, (begin, end) -> partitions.stream()
                    .collect(Collectors.toMap(Function.identity(), each -> new PartitionLog(topic.get(each.topic()).topicId(),
                            begin.get(each).offset(), end.get(each).offset())))));
        }

        private CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> offsets(Set<TopicPartition> partitions,
                OffsetSpec which) {
            return admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), each -> which))).all()
                    .toCompletionStage();
        }

        @Override
        public CompletionStage<Set<TopicPartition>> changed(Map<TopicPartition, Uuid> known) {
            ids.addAll(known.values());
            return existing.get().map(now -> known.keySet().stream().filter(partition -> !now.contains(known.get(partition)))
                    .collect(Collectors.toSet())).subscribeAsCompletionStage();
        }

        /**
         * Of topics that are asked for by their ids the admin client need not ask for the cluster first. One that is not
         * there, or may not be described, keeps nobody from the others.
         */
        private Uni<Set<Uuid>> askForIds() {
            Set<Uuid> found = ConcurrentHashMap.newKeySet();
            List<CompletableFuture<Void>> answers = admin.describeTopics(TopicCollection.ofTopicIds(List.copyOf(ids)))
                    .topicIdValues().entrySet().stream()
                    .map(answer -> answer.getValue().toCompletionStage().toCompletableFuture()
                            .<Void> handle((topic, failure) -> {
                                if (failure == null) {
                                    found.add(answer.getKey());
                                } else {
                                    ids.remove(answer.getKey());
                                }
                                return null;
                            }))
                    .toList();
            return Uni.createFrom().completionStage(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)))
                    .replaceWith(found);
        }

        private static Set<String> topics(Set<TopicPartition> partitions) {
            return partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        }
    }
}
