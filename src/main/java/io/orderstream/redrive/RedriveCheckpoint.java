package io.orderstream.redrive;

import java.util.Map;
import java.util.stream.Collectors;

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
        return offsets.entrySet().stream().collect(Collectors.toMap(end -> end.getKey().toString(), Map.Entry::getValue));
    }

    static Map<TopicPartition, Long> partitions(Map<String, Long> offsets) {
        return offsets.entrySet().stream().collect(Collectors.toMap(end -> partition(end.getKey()), Map.Entry::getValue));
    }

    static TopicPartition partition(String name) {
        int dash = name.lastIndexOf('-');
        return new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
    }
}
