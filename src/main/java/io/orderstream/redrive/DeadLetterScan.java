package io.orderstream.redrive;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.KeptLetters;
import io.orderstream.deadletter.OriginMap;
import io.orderstream.kafka.TopicEnds;
import io.orderstream.kafka.TopicReader;

/**
 * Reads dead-letter topics and the target topics of a redrive. Methods block; a {@code pulse} is called several times
 * a second meanwhile and ends the read by throwing.
 *
 * @param deadLetterTopics topics to redrive from, never to send to
 * @param jobsTopic topic of the redrive jobs, never to send to whatever a dead letter's headers say
 * @param maxRedrives how often a record may be redriven
 * @param kept the dead letters that this instance keeps whole
 */
record DeadLetterScan(Set<String> deadLetterTopics, String jobsTopic, int maxRedrives, KeptLetters kept) {

    private static final String INTERNAL = "__";
    private static final int MOST_LETTERS = 500;
    private static final int MOST_BYTES = 8 * 1024 * 1024;
    /** Offsets between two dead letters up to which reading on is cheaper than a seek. */
    private static final long NEAR = 500;

    /** Tells whether a job has sent the dead letter; the id is that of its topic, null if it is not known. */
    @FunctionalInterface
    interface Redriven {

        boolean test(DeadLetter letter, String topicId);
    }

    /** Returns the existing topics that dead letters may be sent to, with their numbers of partitions. */
    Map<String, Integer> targets(TopicReader reader) {
        Map<String, Integer> topics = reader.topics();
        topics.keySet().removeIf(
                topic -> topic.startsWith(INTERNAL) || topic.equals(jobsTopic) || deadLetterTopics.contains(topic));
        return topics;
    }

    /** Where the dead letters end that a job created now has to do with; those an open transaction hides come later. */
    TopicEnds ends(TopicReader reader) {
        return reader.committedEnds(deadLetterTopics);
    }

    /**
     * Selects the dead letters of a job, see {@link Selection}.
     *
     * @param ends where the dead-letter topics ended when the job was created; later dead letters are excluded, and so are all
     *        those of a topic that has been made anew since
     */
    Selection.Result select(TopicReader reader, RedriveRequest request, TopicEnds ends, Redriven redriven,
            SentDeadLetters sent, OriginMap<Boolean> landed, Runnable pulse) {
        TopicEnds now = reader.ends(topics(ends.offsets().keySet()));
        Map<TopicPartition, Long> to = new HashMap<>();
        now.offsets().forEach((partition, end) -> {
            if (ends.offsets().containsKey(partition) && ends.hasSame(partition.topic(), now)) {
                to.put(partition, Math.min(end, ends.offsets().get(partition)));
            }
        });
        Selection selection = new Selection(request, maxRedrives, targets(reader).keySet(),
                letter -> redriven.test(letter, now.topicIds().get(letter.topic())), sent, landed);
        reader.scan(reader.beginnings(to.keySet()), to, selection::add, pulse);
        return selection.result();
    }

    /**
     * Returns the origins of dead letters a job has sent, read from their target topics.
     *
     * @param before the target topics, with the offsets from which they can be
     * @param now where the same topics end
     * @throws io.orderstream.kafka.OpenTransactionException if it cannot be seen yet what has been sent
     */
    OriginMap<Boolean> landed(TopicReader reader, String jobId, TopicEnds before, TopicEnds now, Runnable pulse) {
        OriginMap<Boolean> origins = new OriginMap<>();
        reader.scan(before.until(now), now.offsets(), record -> {
            DeadLetter letter = DeadLetter.of(record);
            if (letter.redriveId().equals(jobId) && letter.origin() != null) {
                origins.put(letter.origin(), record.value(), true);
            }
        }, pulse);
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

    /** Reads selected dead letters, neighbouring offsets in one pass; returns the records there are at their positions. */
    static Map<SelectedDeadLetter, ConsumerRecord<byte[], byte[]>> fetch(TopicReader reader, List<SelectedDeadLetter> letters,
            Runnable pulse) {
        Map<TopicPartition, TreeSet<Long>> wanted = new HashMap<>();
        letters.forEach(letter -> wanted.computeIfAbsent(letter.partition(), any -> new TreeSet<>()).add(letter.offset()));
        Map<TopicPartition, Long> ends = reader.ends(topics(wanted.keySet())).offsets();
        // Of a topic made anew there may be nothing yet at these offsets.
        wanted.forEach((partition, offsets) -> offsets.tailSet(ends.getOrDefault(partition, 0L)).clear());
        wanted.values().removeIf(Set::isEmpty);
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
            reader.scan(from, to, record -> {
                SelectedDeadLetter letter = chosen.get(
                        new DeadLetterFilter.Coordinates(record.topic(), record.partition(), record.offset()));
                if (letter != null) {
                    found.put(letter, record);
                }
            }, pulse);
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

    static Set<String> topics(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }
}
