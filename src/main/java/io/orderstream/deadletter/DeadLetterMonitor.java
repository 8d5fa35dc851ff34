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
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;

/**
 * Watches the dead-letter topics of all pipelines, and those of others it is told of, from their beginning. All that is asked
 * of it comes from memory; any thread may ask, though a listing of a large index is no work for an event loop.
 */
@ApplicationScoped
public class DeadLetterMonitor {

    /** Name of the reader, which is in no consumer group. */
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
        });
    }

    /** All dead-letter topics: of every pipeline, and those set. */
    public static Set<String> topics(List<RequiredTopics> required, DeadLetterSettings settings) {
        Stream<String> own = required.stream().flatMap(group -> group.topics().stream())
                .filter(topic -> topic.purpose() == Purpose.DEAD_LETTERS).map(RequiredTopics.Topic::name);
        Stream<String> others = settings.topics().stream().flatMap(List::stream).map(String::strip)
                .filter(topic -> !topic.isEmpty());
        return Stream.concat(own, others).collect(Collectors.toSet());
    }

    /** When the topics exist, unless the broker is away. */
    void start(@Observes @Priority(300) StartupEvent event) {
        tail.start();
    }

    /** Before the broker of dev mode goes. */
    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(55) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        tail.close();
    }

    private void arrived(ConsumerRecord<byte[], byte[]> record) {
        IndexedDeadLetter entry = index.add(record);
        if (LOG.isDebugEnabled() && tail.isCaughtUp()) {
            DeadLetter letter = DeadLetter.of(record);
            LOG.debugf("letter: topic=%s partition=%d offset=%d origin=%s kind=%s group=%s copies=%d redrives=%d reason=\"%s\"",
                    letter.topic(), letter.partition(), letter.offset(), Failures.oneLine(String.valueOf(letter.origin())),
                    letter.kind(),
                    letter.reasonGroup(), entry.copies(), letter.redriveCount(), Failures.oneLine(letter.reason()));
        }
    }

    /**
     * The dead letters that are selected, one per original record, newest first.
     *
     * @param filter what their latest letter has to be
     * @param status the status they have to have, null for any
     * @param limit how many at the most
     */
    public List<IndexedDeadLetter> list(DeadLetterFilter filter, DeadLetterStatus status, int limit) {
        return newestFirst(filter, status).limit(limit).toList();
    }

    /** As {@link #list}, for those who select further. */
    public Stream<IndexedDeadLetter> newestFirst(DeadLetterFilter filter, DeadLetterStatus status) {
        return index.newestFirst().stream().filter(entry -> filter.matches(entry.letter(), entry.key()))
                .filter(entry -> status == null || status == status(entry.letter()));
    }

    /** Counts and groups. */
    public DeadLetterSummary summary() {
        return DeadLetterSummary.of(index.snapshot(), tail.isCaughtUp(), this::status);
    }

    /** What has become of a letter. */
    public DeadLetterStatus status(DeadLetter letter) {
        return DeadLetterStatus.of(letter, settings.maxRedrives(), redriven);
    }

    /** Originals per kind, of every kind there can be. */
    public SortedMap<String, Integer> kinds() {
        return index.kinds();
    }

    /** The next offset to be read of each partition. */
    public Map<TopicPartition, Long> positions() {
        return tail.positions();
    }

    /** The age of the oldest letter that can be listed and has not been redriven, zero if there is none. */
    public Duration oldestAge() {
        DeadLetter oldest = index.oldest(letter -> status(letter) != DeadLetterStatus.REDRIVEN);
        Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest.at(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
