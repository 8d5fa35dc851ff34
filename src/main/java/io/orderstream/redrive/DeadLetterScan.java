package io.orderstream.redrive;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.Origin;
import io.orderstream.kafka.TopicScan;

/**
 * Passes over the dead-letter topics and the topics letters go back to. Blocks; whoever has something else to do
 * meanwhile gives a {@code pulse}, which is called several times a second and ends the pass by throwing.
 */
final class DeadLetterScan {

    private static final String INTERNAL = "__";
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final Set<String> deadLetterTopics;
    private final String jobsTopic;
    private final int maxRedrives;

    /**
     * @param deadLetterTopics topics letters are taken from, and never sent to
     * @param jobsTopic our own, which no letter may be sent to either, whatever its headers say
     * @param maxRedrives how often a letter may be redriven
     */
    DeadLetterScan(Set<String> deadLetterTopics, String jobsTopic, int maxRedrives) {
        this.deadLetterTopics = deadLetterTopics;
        this.jobsTopic = jobsTopic;
        this.maxRedrives = maxRedrives;
    }

    /** The ends of all dead-letter partitions there are. */
    Map<TopicPartition, Long> ends(Consumer<byte[], byte[]> consumer) {
        return ends(consumer, deadLetterTopics);
    }

    /** The topics letters may go back to, each with the number of its partitions: no topic is made for a letter. */
    Map<String, Integer> targets(Consumer<byte[], byte[]> consumer) {
        return consumer.listTopics().entrySet().stream()
                .filter(topic -> !topic.getKey().startsWith(INTERNAL) && !topic.getKey().equals(jobsTopic)
                        && !deadLetterTopics.contains(topic.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, topic -> topic.getValue().size()));
    }

    /** Where the partitions of these topics end now. */
    Map<TopicPartition, Long> ends(Consumer<byte[], byte[]> consumer, Set<String> topics) {
        return topics.isEmpty() ? Map.of() : consumer.endOffsets(partitions(consumer.listTopics(), topics));
    }

    /**
     * Chooses the letters of a job.
     *
     * @param ends letters behind these are left out
     * @param redriven whether another job has sent a letter
     * @param sent what this job has sent; what turns out to have landed is added
     * @param landed origins this job has sent, found in their topics
     */
    Selection.Result select(Consumer<byte[], byte[]> consumer, RedriveRequest request, Map<TopicPartition, Long> ends,
            Predicate<DeadLetter> redriven, SentDeadLetters sent, Set<Origin> landed, Runnable pulse) {
        Selection selection = new Selection(request, maxRedrives, targets(consumer).keySet(), redriven, sent, landed);
        // A topic that was deleted and made again may be shorter than it was.
        Map<TopicPartition, Long> to = consumer.endOffsets(partitions(consumer.listTopics(), topics(ends.keySet())));
        to.keySet().retainAll(ends.keySet());
        to.replaceAll((partition, end) -> Math.min(end, ends.get(partition)));
        TopicScan.scan(consumer, consumer.beginningOffsets(to.keySet()), to, visitor(selection::add, pulse));
        return selection.result();
    }

    /** The origins of the letters a job has sent, as they stand in their topics from these offsets to the ends. */
    Set<Origin> landed(Consumer<byte[], byte[]> consumer, String jobId, Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to, Runnable pulse) {
        Set<Origin> origins = new HashSet<>();
        Map<TopicPartition, Long> all = new HashMap<>();
        // A partition the topic did not have then is read from its beginning.
        to.keySet().forEach(partition -> all.put(partition, from.getOrDefault(partition, 0L)));
        TopicScan.scan(consumer, all, to, visitor(record -> {
            DeadLetter letter = DeadLetter.of(record);
            if (letter.redriveId().equals(jobId) && letter.origin() != null) {
                origins.add(letter.origin());
            }
        }, pulse));
        return origins;
    }

    static TopicScan.Visitor visitor(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> records, Runnable pulse) {
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
                    // It would wait for as long as it takes, and nobody would know.
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
