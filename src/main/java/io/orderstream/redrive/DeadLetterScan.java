package io.orderstream.redrive;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.Origin;
import io.orderstream.kafka.TopicScan;

/**
 * Reads dead-letter topics and the target topics of a redrive. Methods block; a {@code pulse} is called several times
 * a second meanwhile and ends the read by throwing.
 *
 * @param deadLetterTopics topics to redrive from, never to send to
 * @param jobsTopic topic of the redrive jobs, never to send to whatever a dead letter's headers say
 * @param maxRedrives how often a record may be redriven
 */
record DeadLetterScan(Set<String> deadLetterTopics, String jobsTopic, int maxRedrives) {

    private static final String INTERNAL = "__";
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);
    private static final int MOST_LETTERS = 500;
    private static final int MOST_BYTES = 8 * 1024 * 1024;
    /** Offsets between two dead letters up to which reading on is cheaper than a seek. */
    private static final long NEAR = 500;

    /** Returns the existing topics that dead letters may be sent to, with their numbers of partitions. */
    Map<String, Integer> targets(Consumer<byte[], byte[]> consumer) {
        return consumer.listTopics().entrySet().stream()
                .filter(topic -> !topic.getKey().startsWith(INTERNAL) && !topic.getKey().equals(jobsTopic)
                        && !deadLetterTopics.contains(topic.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, topic -> topic.getValue().size()));
    }

    /** Returns the current end offsets of the existing partitions of these topics. */
    static Map<TopicPartition, Long> ends(Consumer<byte[], byte[]> consumer, Set<String> topics) {
        return topics.isEmpty() ? Map.of() : consumer.endOffsets(partitions(consumer.listTopics(), topics));
    }

    /**
     * Selects the dead letters of a job, see {@link Selection}.
     *
     * @param ends end offsets when the job was created; later dead letters are excluded
     */
    Selection.Result select(Consumer<byte[], byte[]> consumer, RedriveRequest request, Map<TopicPartition, Long> ends,
            Predicate<DeadLetter> redriven, SentDeadLetters sent, Set<Origin> landed, Runnable pulse) {
        Selection selection = new Selection(request, maxRedrives, targets(consumer).keySet(), redriven, sent, landed);
        // A topic that was deleted and recreated may end before the recorded offset.
        Map<TopicPartition, Long> to = consumer.endOffsets(partitions(consumer.listTopics(), topics(ends.keySet())));
        to.keySet().retainAll(ends.keySet());
        to.replaceAll((partition, end) -> Math.min(end, ends.get(partition)));
        TopicScan.scan(consumer, consumer.beginningOffsets(to.keySet()), to, visitor(selection::add, pulse));
        return selection.result();
    }

    /** Returns the origins of dead letters a job has sent, read from their target topics between these offsets. */
    Set<Origin> landed(Consumer<byte[], byte[]> consumer, String jobId, Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to, Runnable pulse) {
        Set<Origin> origins = new HashSet<>();
        Map<TopicPartition, Long> all = new HashMap<>();
        // A partition added since is read from its beginning.
        to.keySet().forEach(partition -> all.put(partition, from.getOrDefault(partition, 0L)));
        TopicScan.scan(consumer, all, to, visitor(record -> {
            DeadLetter letter = DeadLetter.of(record);
            if (letter.redriveId().equals(jobId) && letter.origin() != null) {
                origins.add(letter.origin());
            }
        }, pulse));
        return origins;
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

    /** Reads selected dead letters, neighbouring offsets in one pass; returns the records of those that still exist. */
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
            TopicScan.scan(consumer, from, to, visitor(record -> {
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

    private static TopicScan.Visitor visitor(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> records,
            Runnable pulse) {
        return new TopicScan.Visitor() {

            private long lastNanos = System.nanoTime();

            @Override
            public boolean visit(ConsumerRecord<byte[], byte[]> record) {
                lastNanos = System.nanoTime();
                records.accept(record);
                return true;
            }

            @Override
            public void polled() {
                pulse.run();
                if (System.nanoTime() - lastNanos > LONGEST_SILENCE.toNanos()) {
                    // Without this limit the scan would block for as long as the broker is unavailable, unnoticed.
                    throw new TimeoutException("no record for " + LONGEST_SILENCE.toSeconds() + " s where there must be some");
                }
            }
        };
    }

    static Set<String> topics(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }

    private static List<TopicPartition> partitions(Map<String, List<PartitionInfo>> infos, Set<String> topics) {
        return topics.stream().flatMap(topic -> infos.getOrDefault(topic, List.of()).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
    }
}
