package io.orderstream.redrive;

import java.util.HashMap;
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
public record RedriveCheckpoint(Map<String, Long> ends, Map<String, String> sent, Map<String, Long> scanFrom) {

    static RedriveCheckpoint created(Map<TopicPartition, Long> ends) {
        return new RedriveCheckpoint(names(ends), Map.of(), Map.of());
    }

    RedriveCheckpoint with(SentDeadLetters letters, Map<TopicPartition, Long> from) {
        return new RedriveCheckpoint(ends, letters.write(), names(from));
    }

    static Map<String, Long> names(Map<TopicPartition, Long> offsets) {
        Map<String, Long> names = new HashMap<>();
        offsets.forEach((partition, offset) -> names.put(partition.toString(), offset));
        return names;
    }

    static Map<TopicPartition, Long> partitions(Map<String, Long> offsets) {
        Map<TopicPartition, Long> partitions = new HashMap<>();
        offsets.forEach((name, offset) -> partitions.put(partition(name), offset));
        return partitions;
    }

    static TopicPartition partition(String name) {
        int dash = name.lastIndexOf('-');
        return new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
    }
}
