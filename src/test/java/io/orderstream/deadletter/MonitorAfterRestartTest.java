package io.orderstream.deadletter;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.kafka.BrokerConnections;
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.RequiredTopics;
import io.orderstream.kafka.RequiredTopics.Purpose;
import io.orderstream.kafka.RequiredTopics.Topic;
import io.orderstream.testsupport.LogLines;
import io.orderstream.testsupport.TopicClient;

class MonitorAfterRestartTest {

    private static final List<RequiredTopics> REQUIRED = List.of(
            () -> List.of(new Topic("orders", Purpose.RECORDS), new Topic("orders-dlq", Purpose.DEAD_LETTERS)),
            () -> List.of(new Topic("events-dlq", Purpose.DEAD_LETTERS), new Topic("jobs", Purpose.STATE)));
    private static final Settings SETTINGS = new Settings(Optional.of(List.of(" foreign-dlq", "", "orders-dlq")), 20, 3,
            "jobs");

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;
    private TopicClient topics;
    private KafkaConnections connections;

    private record Settings(Optional<List<String>> topics, int indexSize, int maxRedrives, String redriveTopic)
            implements
                DeadLetterSettings {
    }

    @BeforeEach
    void connect() {
        kafka = new EmbeddedKafka(0, directory).start();
        topics = new TopicClient(kafka.bootstrapServers());
        connections = BrokerConnections.to(kafka.bootstrapServers());
    }

    @AfterEach
    void stop() {
        BrokerConnections.close(connections);
        topics.close();
        kafka.close();
    }

    @Test
    void shouldWatchTheTopicsOfAllPipelinesAndThoseItIsToldOf() {
        assertThat(DeadLetterMonitor.topics(REQUIRED, SETTINGS)).containsExactlyInAnyOrder("orders-dlq", "events-dlq",
                "foreign-dlq");
        assertThat(DeadLetterMonitor.topics(REQUIRED, new Settings(Optional.empty(), 20, 3, "jobs")))
                .containsExactlyInAnyOrder("orders-dlq", "events-dlq");
    }

    @Test
    void shouldKnowAllAgainAfterARestartTheNewestOfEveryPartitionIncluded() {
        // Given
        for (String topic : List.of("orders-dlq", "events-dlq", "foreign-dlq")) {
            topics.create(topic, 3);
            topics.send(IntStream.range(0, 40).mapToObj(number -> letter(topic, number)).toList());
        }
        DeadLetterMonitor first = monitor();
        await().atMost(PATIENCE).until(() -> first.summary().complete());

        // When
        first.stop(new Object());
        DeadLetterMonitor second = monitor();
        await().atMost(PATIENCE).until(() -> second.summary().complete());
        second.stop(new Object());

        // Then
        assertThat(second.summary().originals()).isEqualTo(120);
        assertThat(second.summary().groups()).singleElement().extracting(group -> group.counts().topics())
                .isEqualTo(Map.of("orders-dlq", 40, "events-dlq", 40, "foreign-dlq", 40));
        assertThat(coordinates(second)).hasSize(20).hasSameElementsAs(coordinates(first));
        assertThat(second.newestFirst(DeadLetterFilter.ALL, null)).extracting(IndexedDeadLetter::letter)
                .extracting(DeadLetter::at)
                .isSortedAccordingTo((one, other) -> other.compareTo(one))
                .allSatisfy(at -> assertThat(at).isAfterOrEqualTo(LetterBuilder.AT.plusSeconds(33)));
        assertThat(second.oldestAge()).isPositive();
    }

    @Test
    void shouldTakeTheAgeOfTheOldestThatHasNotBeenRedriven() {
        // Given
        List.of("orders-dlq", "events-dlq", "foreign-dlq").forEach(topic -> topics.create(topic, 3));
        topics.send(List.of(letter("orders-dlq", 0), letter("orders-dlq", 10)));

        // When
        DeadLetterMonitor one = monitor((letter, topicId) -> letter.offset() == 0 && letter.partition() == 1);
        DeadLetterMonitor all = monitor((letter, topicId) -> true);
        List.of(one, all).forEach(monitor -> await().atMost(PATIENCE).until(() -> monitor.summary().complete()));

        // Then
        assertThat(one.oldestAge()).isCloseTo(Duration.between(LetterBuilder.AT.plusSeconds(39), Instant.now()),
                Duration.ofSeconds(5));
        assertThat(all.oldestAge()).isZero();
        List.of(one, all).forEach(monitor -> monitor.stop(new Object()));
    }

    @Test
    void shouldShowALetterThatArrivesAsOneLineAndNothingOfWhatWasThere() {
        // Given
        List.of("orders-dlq", "events-dlq", "foreign-dlq").forEach(topic -> topics.create(topic, 1));
        topics.send(List.of(letter("orders-dlq", 0)));
        LogLines log = new LogLines(DeadLetterMonitor.class);
        DeadLetterMonitor monitor = monitor();
        await().atMost(PATIENCE).until(() -> monitor.summary().complete());

        // When
        LetterBuilder letter = LetterBuilder.of(0, 17).with(DeadLetterHeaders.REASON, "first\nsecond\u0007").redriven(2,
                "orders-1-4");
        topics.send(List.of(new ProducerRecord<>("orders-dlq", 0, letter.key(), letter.value(), letter.headers())));
        await().atMost(PATIENCE).until(() -> monitor.summary().letters() == 2);
        monitor.stop(new Object());
        log.close();

        // Then
        assertThat(log.lines())
                .containsExactly("letter: topic=orders-dlq partition=0 offset=1 origin=orders-1-4 kind=poison group="
                        + Reasons.groupId("poison", Reasons.fold("first second\u0007"))
                        + " copies=0 redrives=2 reason=\"first second \"");
    }

    /** Oldest letters last in each topic: what is newest must not depend on what is read when. */
    private static ProducerRecord<byte[], byte[]> letter(String topic, int number) {
        LetterBuilder letter = LetterBuilder.of(0, number).with(DeadLetterHeaders.TOPIC, "source-of-" + topic)
                .at(LetterBuilder.AT.plusSeconds(39 - number));
        return new ProducerRecord<>(topic, number % 3, letter.key(), letter.value(), letter.headers());
    }

    private DeadLetterMonitor monitor() {
        return monitor((letter, topicId) -> false);
    }

    private DeadLetterMonitor monitor(RedrivenDeadLetters redriven) {
        DeadLetterMonitor monitor = new DeadLetterMonitor(connections, REQUIRED, SETTINGS, redriven);
        monitor.start(null);
        return monitor;
    }

    private static List<DeadLetterFilter.Coordinates> coordinates(DeadLetterMonitor monitor) {
        return monitor.newestFirst(DeadLetterFilter.ALL, null).map(entry -> entry.letter().coordinates()).toList();
    }
}
