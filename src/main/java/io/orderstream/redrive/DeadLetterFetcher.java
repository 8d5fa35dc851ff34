package io.orderstream.redrive;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.kafka.TopicScan;

/** Reads the records of selected dead letters, neighbouring offsets in one pass. Methods block. */
final class DeadLetterFetcher {

    private static final int MOST_LETTERS = 500;
    private static final int MOST_BYTES = 8 * 1024 * 1024;
    /** Offsets between two dead letters up to which reading on is cheaper than a seek. */
    private static final long NEAR = 500;

    private DeadLetterFetcher() {
    }

    /** Returns the first dead letters, at least one, that may be held in memory together. */
    static List<SelectedDeadLetter> chunk(List<SelectedDeadLetter> letters) {
        int count = 0;
        long bytes = 0;
        while (count < Math.min(letters.size(), MOST_LETTERS)
                && (count == 0 || bytes + letters.get(count).bytes() <= MOST_BYTES)) {
            bytes += letters.get(count).bytes();
            count++;
        }
        return letters.subList(0, count);
    }

    /** @return the records of those dead letters that still exist */
    static Map<SelectedDeadLetter, ConsumerRecord<byte[], byte[]>> fetch(Consumer<byte[], byte[]> consumer,
            List<SelectedDeadLetter> letters, Runnable pulse) {
        Map<TopicPartition, TreeSet<Long>> wanted = new HashMap<>();
        letters.forEach(letter -> wanted.computeIfAbsent(letter.partition(), any -> new TreeSet<>()).add(letter.offset()));
        Map<DeadLetterFilter.Coordinates, SelectedDeadLetter> chosen = letters.stream()
                .collect(Collectors.toMap(SelectedDeadLetter::coordinates, Function.identity()));
        Map<SelectedDeadLetter, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
        while (!wanted.isEmpty()) {
            Map<TopicPartition, Long> from = new HashMap<>();
            Map<TopicPartition, Long> to = new HashMap<>();
            wanted.forEach((partition, offsets) -> {
                from.put(partition, offsets.first());
                to.put(partition, removeRun(offsets) + 1);
            });
            TopicScan.scan(consumer, from, to, DeadLetterScan.visitor(record -> {
                SelectedDeadLetter letter = chosen.get(
                        new DeadLetterFilter.Coordinates(record.topic(), record.partition(), record.offset()));
                if (letter != null) {
                    found.put(letter, record);
                }
            }, pulse));
            wanted.values().removeIf(Set::isEmpty);
        }
        return found;
    }

    /** Removes the first offset and those near it; returns the last one removed. */
    private static long removeRun(TreeSet<Long> offsets) {
        long last = offsets.pollFirst();
        while (!offsets.isEmpty() && offsets.first() - last <= NEAR) {
            last = offsets.pollFirst();
        }
        return last;
    }
}
