package io.orderstream.monitoring;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import io.orderstream.kafka.KafkaFutures;
import io.orderstream.kafka.OffsetGaps;
import io.orderstream.kafka.OffsetRuns;
import io.orderstream.kafka.PartitionLag;
import io.orderstream.kafka.TopicScan;

/**
 * Computes the lag of consumer groups on the broker's side: records between the committed offset and the end of each partition,
 * also those that wait for the end of a transaction. So it is right for a paused consumer and for a group without members.
 * Methods block.
 */
final class GroupLag {

    /**
     * Up to so many records are read and counted. The markers of transactions and what was aborted take offsets too, so that an
     * idle retry topic would have a lag for ever. More records are not counted, but taken for as many as there are offsets.
     */
    private static final int COUNTED = 100;

    private final Admin admin;
    private final OffsetGaps gaps;
    private final Duration longestScan;

    /**
     * @param gaps is told which offsets hold no record
     * @param longestScan time limit for counting the records of a topic; those of the partitions left are not counted
     */
    GroupLag(Admin admin, OffsetGaps gaps, Duration longestScan) {
        this.admin = admin;
        this.gaps = gaps;
        this.longestScan = longestScan;
    }

    /** Counts the records of a partition, up to a number and within a time limit. */
    private static final class Count implements TopicScan.Visitor {

        private final OffsetRuns.Builder offsets = new OffsetRuns.Builder();
        private final long deadlineNanos;
        private int records;

        Count(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public boolean visit(ConsumerRecord<byte[], byte[]> record) {
            offsets.add(record.offset(), record.offset() + 1);
            return ++records <= COUNTED;
        }

        @Override
        public void polled() {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new TimeoutException("the records do not come in time");
            }
        }
    }

    /** Asks where these groups and topics stand, with a few requests however many there are. */
    Look look(Set<String> groups, Set<String> topics) {
        return new Look(groups, topics);
    }

    /** Where groups and topics stood at a moment. A failure that concerns one of them is told to who asks for that. */
    final class Look {

        private final ListConsumerGroupOffsetsResult committed;
        private final Map<String, KafkaFuture<TopicDescription>> topics;
        private final ListOffsetsResult beginnings;
        private final ListOffsetsResult ends;
        private final ListOffsetsResult readable;

        private Look(Set<String> groups, Set<String> topics) {
            committed = admin.listConsumerGroupOffsets(groups.stream()
                    .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec())));
            this.topics = admin.describeTopics(topics).topicNameValues();
            Set<TopicPartition> partitions = topics.stream().flatMap(this::known).collect(Collectors.toSet());
            beginnings = offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
            ends = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
            // Asked for after the ends: a transaction that ends meanwhile is not open in between.
            partitions.forEach(partition -> settled(ends.partitionResult(partition)));
            readable = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        }

        private Stream<TopicPartition> known(String topic) {
            return settled(topics.get(topic)) ? partitions(topic).stream() : Stream.empty();
        }

        private static boolean settled(Future<?> answer) {
            try {
                KafkaFutures.await(answer);
                return true;
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                return false;
            }
        }

        private ListOffsetsResult offsets(Set<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation) {
            return admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> which)),
                    new ListOffsetsOptions(isolation));
        }

        private List<TopicPartition> partitions(String topic) {
            try {
                return KafkaFutures.await(topics.get(topic)).partitions().stream()
                        .map(info -> new TopicPartition(topic, info.partition())).toList();
            } catch (UnknownTopicOrPartitionException e) {
                return List.of();
            }
        }

        /** What a group has committed, null for a partition of which it has not. */
        Map<TopicPartition, OffsetAndMetadata> committed(String group) {
            return KafkaFutures.await(committed.partitionsToOffsetAndMetadata(group));
        }

        /**
         * Returns the lag of a group for each partition of a topic, from its beginning if nothing is committed.
         *
         * @param consumer gives a consumer with isolation level {@code read_committed} that no other thread uses meanwhile; it
         *        is asked for only if there are records to be counted
         * @throws KafkaException if the broker does not answer within its timeouts, or rejects a request
         */
        Map<TopicPartition, PartitionLag> of(Supplier<Consumer<byte[], byte[]>> consumer, String group, String topic) {
            Map<TopicPartition, Long> offsets = committed(group).entrySet().stream()
                    .filter(commit -> commit.getValue() != null && commit.getKey().topic().equals(topic))
                    .collect(Collectors.toMap(Map.Entry::getKey, commit -> commit.getValue().offset()));
            return behind(consumer, topic, offsets);
        }

        /** Returns the lag of a reader without a consumer group that has reached these offsets, in the same way. */
        Map<TopicPartition, PartitionLag> behind(Supplier<Consumer<byte[], byte[]>> consumer, String topic,
                Map<TopicPartition, Long> offsets) {
            long deadlineNanos = System.nanoTime() + longestScan.toNanos();
            Map<TopicPartition, PartitionLag> lags = new HashMap<>();
            for (TopicPartition partition : partitions(topic)) {
                long beginning = offset(beginnings, partition);
                long end = offset(ends, partition);
                long next = Math.max(offsets.getOrDefault(partition, 0L), beginning);
                // An offset beyond the end, as after an unclean leader election, is reset to the beginning.
                long from = next > end ? beginning : next;
                long to = Math.max(from, Math.min(offset(readable, partition), end));
                lags.put(partition,
                        new PartitionLag(records(consumer, partition, from, to, deadlineNanos) + end - to, end - to));
            }
            return lags;
        }

        private static long offset(ListOffsetsResult offsets, TopicPartition partition) {
            return KafkaFutures.await(offsets.partitionResult(partition)).offset();
        }
    }

    /** How many records can be read from {@code from} (inclusive) to {@code to} (exclusive). */
    private long records(Supplier<Consumer<byte[], byte[]>> consumer, TopicPartition partition, long from, long to,
            long deadlineNanos) {
        Count count = new Count(deadlineNanos);
        try {
            if (from < to) {
                TopicScan.scan(consumer.get(), Map.of(partition, from), Map.of(partition, to), count);
            }
        } catch (TimeoutException e) {
            gaps.forget(partition);
            return to - from;
        }
        if (count.records > COUNTED) {
            gaps.forget(partition);
            return to - from;
        }
        gaps.found(partition, from, to, count.offsets.build());
        return count.records;
    }
}
