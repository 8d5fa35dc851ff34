package io.orderstream.deadletter;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.RequiredTopics;
import io.orderstream.kafka.RequiredTopics.Purpose;
import io.orderstream.kafka.TopicTail;
import io.orderstream.support.Failures;
import io.orderstream.support.Lifecycle;
import io.orderstream.support.LogText;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;

/**
 * Reads the dead-letter topics of all pipelines, and those of {@code DLQ_TOPICS}, from their beginning, and keeps an
 * index of them in memory. Thread safe; methods answer from memory, but do not list a large index on an event loop.
 */
@ApplicationScoped
public class DeadLetterMonitor {

    /** Client id of the reader, which is in no consumer group. */
    public static final String READER = "dead-letter-monitor";

    private static final Logger LOG = Logger.getLogger(DeadLetterMonitor.class);

    private final DeadLetterSettings settings;
    private final RedrivenDeadLetters redriven;
    private final Clock clock = Clock.systemUTC();
    private final DeadLetterIndex index;
    private final TopicTail tail;

    DeadLetterMonitor(KafkaConnections connections, @All List<RequiredTopics> required, DeadLetterSettings settings,
            RedrivenDeadLetters redriven) {
        this.settings = settings;
        this.redriven = redriven;
        this.index = new DeadLetterIndex(settings.indexSize(), clock);
        this.tail = new TopicTail(connections, READER, topics(required, settings), new TopicTail.Listener() {

            @Override
            public void record(ConsumerRecord<byte[], byte[]> record) {
                arrived(record);
            }

            @Override
            public void beginnings(Map<TopicPartition, Long> beginnings) {
                index.forgetBefore(beginnings);
            }

            @Override
            public void reset() {
                index.clear();
            }
        });
    }

    /** Returns all dead-letter topics: those of the pipelines and those in the settings. */
    public static Set<String> topics(List<RequiredTopics> required, DeadLetterSettings settings) {
        Stream<String> own = required.stream().flatMap(group -> group.topics().stream())
                .filter(topic -> topic.purpose() == Purpose.DEAD_LETTERS).map(RequiredTopics.Topic::name);
        Stream<String> others = settings.topics().stream().flatMap(List::stream).map(String::strip)
                .filter(topic -> !topic.isEmpty());
        return Stream.concat(own, others).collect(Collectors.toSet());
    }

    /** Starts after the topics are created, unless the broker is unavailable. */
    void start(@Observes @Priority(Lifecycle.Start.DEAD_LETTERS) StartupEvent event) {
        tail.start();
    }

    /** Stops before dev mode's broker is closed. */
    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.DEAD_LETTERS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        tail.close();
    }

    private void arrived(ConsumerRecord<byte[], byte[]> record) {
        IndexedDeadLetter entry = index.add(record);
        if (LOG.isDebugEnabled() && tail.isCaughtUp()) {
            DeadLetter letter = DeadLetter.of(record);
            LOG.debugf("letter: topic=%s partition=%d offset=%d origin=%s kind=%s group=%s copies=%d redrives=%d reason=\"%s\"",
                    letter.topic(), letter.partition(), letter.offset(), LogText.value(letter.origin()),
                    LogText.value(letter.kind()),
                    LogText.value(letter.reasonGroup()), entry.copies(), letter.redriveCount(),
                    LogText.quoted(Failures.oneLine(letter.reason())));
        }
    }

    /**
     * Returns the selected dead letters, one per original record.
     *
     * @param filter filter for the latest dead letter of a record
     * @param status status to select, null for any
     */
    public Stream<IndexedDeadLetter> newestFirst(DeadLetterFilter filter, DeadLetterStatus status) {
        return index.newestFirst().stream().filter(entry -> filter.matches(entry.letter(), entry.key()))
                .filter(entry -> status == null || status == status(entry.letter()));
    }

    /** Returns the counts of all dead letters and of their groups. */
    public DeadLetterSummary summary() {
        return DeadLetterSummary.of(index.snapshot(), tail.isCaughtUp(), this::status);
    }

    public DeadLetterStatus status(DeadLetter letter) {
        return DeadLetterStatus.of(letter, settings.maxRedrives(),
                any -> redriven.contains(any, tail.topicId(any.topic())));
    }

    /** Original records per kind, including kinds without any. */
    public SortedMap<String, Integer> kinds() {
        return index.kinds();
    }

    /** What cannot be read now, each with Kafka's error. */
    public Map<String, String> failures() {
        return tail.failures();
    }

    /** The next offset to read, by partition. */
    public Map<TopicPartition, Long> positions() {
        return tail.positions();
    }

    /** Age of the oldest indexed dead letter that has not been redriven, zero if there is none. */
    public Duration oldestAge() {
        DeadLetter oldest = index.oldest(letter -> status(letter) != DeadLetterStatus.REDRIVEN);
        Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest.at(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
