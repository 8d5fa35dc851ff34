package io.orderstream.redrive;

import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.common.TopicPartition;

/**
 * How far a job is, with which any instance can go on. Partitions are written {@code topic-partition}.
 *
 * @param ends the offset behind the last letter of each dead-letter partition when the job was created: later letters are none
 *        of its business
 * @param sent the letters that are known to be sent, per dead-letter partition as {@link SentDeadLetters} writes them
 * @param scanFrom per partition of the topics sent to, the offset from which a letter may stand that is not in {@code sent};
 *        empty before the first letter is sent
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
