package io.orderstream.redrive;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

import org.apache.kafka.common.TopicPartition;

import io.orderstream.kafka.OffsetRuns;

/** The dead letters a job has sent, as offsets by dead-letter partition, added in any order. Not thread safe. */
final class SentDeadLetters {

    private final Map<TopicPartition, NavigableSet<Long>> offsets = new HashMap<>();

    /** @param texts result of {@link #write()} */
    static SentDeadLetters read(Map<TopicPartition, String> texts) {
        SentDeadLetters letters = new SentDeadLetters();
        texts.forEach((partition, runs) -> OffsetRuns.read(0, runs).offsets()
                .forEach(offset -> letters.add(partition, offset)));
        return letters;
    }

    void add(TopicPartition partition, long offset) {
        offsets.computeIfAbsent(partition, any -> new TreeSet<>()).add(offset);
    }

    boolean contains(TopicPartition partition, long offset) {
        return offsets.getOrDefault(partition, Collections.emptyNavigableSet()).contains(offset);
    }

    int size() {
        return offsets.values().stream().mapToInt(NavigableSet::size).sum();
    }

    /** Writes the offsets of each partition as {@link OffsetRuns} with origin 0. */
    Map<TopicPartition, String> write() {
        Map<TopicPartition, String> texts = new HashMap<>();
        offsets.forEach((partition, sent) -> {
            OffsetRuns.Builder runs = new OffsetRuns.Builder();
            sent.forEach(offset -> runs.add(offset, offset + 1));
            texts.put(partition, runs.build().write(0));
        });
        return texts;
    }
}
