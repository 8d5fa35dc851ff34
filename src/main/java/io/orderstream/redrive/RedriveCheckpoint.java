package io.orderstream.redrive;

import java.util.Map;

import org.apache.kafka.common.TopicPartition;

/**
 * Progress of a job, from which any instance can resume it. Partitions are written {@code topic-partition}.
 *
 * @param ends end offset of each dead-letter partition when the job was created; later dead letters do not belong to
 *        it
 * @param sent dead letters known to be sent, per dead-letter partition, as written by {@link SentDeadLetters}
 * @param scanFrom for each partition of the target topics, the offset from which sent dead letters missing in
 *        {@code sent} can be; empty before the first send
 */
public record RedriveCheckpoint(Map<TopicPartition, Long> ends, Map<TopicPartition, String> sent,
        Map<TopicPartition, Long> scanFrom) {
}
