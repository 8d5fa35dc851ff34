package io.orderstream.redrive;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

import org.apache.kafka.common.TopicPartition;

import io.orderstream.kafka.OffsetRuns;

/** The dead letters a job has sent, as offsets by dead-letter partition, added in any order. Not thread safe. */
final class SentDeadLetters {

    private final Map<TopicPartition, NavigableSet<Long>> offsets = new HashMap<>();
    private int size;

    /** @param texts result of {@link #write()} */
    static SentDeadLetters read(Map<String, String> texts) {
        SentDeadLetters letters = new SentDeadLetters();
        texts.forEach((name, text) -> OffsetRuns.read(0, text).offsets()
                .forEach(offset -> letters.add(RedriveCheckpoint.partition(name), offset)));
        return letters;
    }

    void add(TopicPartition partition, long offset) {
        if (offsets.computeIfAbsent(partition, any -> new TreeSet<>()).add(offset)) {
            size++;
        }
    }

    boolean contains(TopicPartition partition, long offset) {
        NavigableSet<Long> sent = offsets.get(partition);
        return sent != null && sent.contains(offset);
    }

    int size() {
        return size;
    }

    /** Writes the offsets of each partition as {@link OffsetRuns} with origin 0. */
    Map<String, String> write() {
        Map<String, String> texts = new HashMap<>();
        offsets.forEach((partition, sent) -> {
            OffsetRuns.Builder runs = new OffsetRuns.Builder();
            sent.forEach(offset -> runs.add(offset, offset + 1));
            texts.put(partition.toString(), runs.build().write(0));
        });
        return texts;
    }
}
