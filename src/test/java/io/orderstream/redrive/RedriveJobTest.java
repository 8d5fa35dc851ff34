package io.orderstream.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetterFilter.Coordinates;
import io.orderstream.kafka.TopicEnds;

class RedriveJobTest {

    private static final int MOST_COORDINATES = 1_000;

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final int PARTITIONS = 6;
    private static final String OLD = "{\"id\":\"id\",\"by\":\"me\",\"request\":{\"filter\":{},\"includeRedriven\":false,\"limit\":10},"
            + "\"createdAt\":\"2026-01-31T12:00:00Z\",\"state\":\"finished\",\"counts\":{\"matching\":3,\"selected\":2,"
            + "\"sent\":1,\"skipped\":{\"parked\":1,\"refused\":1},\"parked\":[]},"
            + "\"checkpoint\":{\"ends\":{\"orders-dlq-0\":10},\"sent\":{\"orders-dlq-0\":\"3.1\"},\"scanFrom\":{}}}";

    @Test
    void shouldReadBackWhatItHasWritten() {
        // Given
        DeadLetterFilter filter = new DeadLetterFilter("orders", "poison", "bad <n>", "0a1b2c3d", "k", NOON,
                NOON.plusSeconds(1),
                List.of(new Coordinates("orders-dlq", 1, 2)));
        RedriveCounts counts = new RedriveCounts(5, 4, 1, Map.of("parked", 1), List.of(new Coordinates("orders-dlq", 0, 9)),
                List.of(new LeftOutDeadLetter("orders-dlq", 0, 9, "parked", null),
                        new LeftOutDeadLetter("orders-dlq", 0, 10, "refused", "no")));
        TopicPartition partition = new TopicPartition("orders-dlq", 0);
        RedriveJob job = new RedriveJob("id", "me", new RedriveRequest(filter, true, 2.5, 10), NOON, RedriveJob.State.RUNNING,
                NOON, null, counts, "the broker",
                new RedriveCheckpoint(Map.of(partition, 10L), Map.of(partition, "3.1"),
                        Map.of(new TopicPartition("orders", 1), 7L), Map.of()));

        // Then
        assertThat(RedriveJson.read(RedriveJson.write(job), RedriveJob.class)).isEqualTo(job);
        assertThat(RedriveJson.text(job.checkpoint())).isEqualTo(
                "{\"ends\":{\"orders-dlq-0\":10},\"sent\":{\"orders-dlq-0\":\"3.1\"},\"scanFrom\":{\"orders-1\":7}}");
    }

    @Test
    void shouldReadAJobOfAVersionThatNeitherListedWhatIsLeftOutNorKnewTheIdsOfTopics() {
        // When
        RedriveJob job = RedriveJson.read(OLD.getBytes(StandardCharsets.UTF_8), RedriveJob.class);

        // Then
        assertThat(job.counts().leftOut()).isEmpty();
        assertThat(job.counts().remaining()).isZero();
        assertThat(job.checkpoint().topicIds()).isEmpty();
    }

    /** Many may write to the topic of the jobs: what is no job must not be shown, or resumed by the leader. */
    @ParameterizedTest
    @ValueSource(strings = { "null", "[]", "{}", "{\"id\":\"id\"}", "\"state\":\"finished\" -> \"state\":null",
            "\"createdAt\":\"2026-01-31T12:00:00Z\" -> \"createdAt\":null", "\"limit\":10 -> \"limit\":-1",
            "\"limit\":10 -> \"limit\":10,\"ratePerSecond\":0", "\"limit\":10 -> \"limit\":10,\"ratePerSecond\":\"NaN\"",
            "\"orders-dlq-0\":10 -> \"orders\":10", "\"orders-dlq-0\":10 -> \"orders-dlq-0\":null",
            "\"3.1\" -> \"3.zzzzzzzzzz\"",
            "\"3.1\" -> \"3\"", "\"parked\":1 -> \"parked\":null" })
    void shouldLeaveOutWhatIsNoJob(String change) {
        // Given
        RedriveLog log = new RedriveLog(null, "jobs");
        String[] fromTo = change.split(" -> ");
        String json = fromTo.length == 1 ? change : OLD.replace(fromTo[0], fromTo[1]);
        log.note("old", OLD.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(json).isNotEqualTo(OLD);
        assertThatThrownBy(() -> log.note("id", json.getBytes(StandardCharsets.UTF_8)))
                .isExactlyInstanceOf(UncheckedIOException.class);
        assertThat(log.jobs()).hasSize(1);
    }

    @Test
    void shouldReadARecordWithFieldsOfALaterVersion() {
        // Given
        RedriveJob job = RedriveJob.created("id", "me", new RedriveRequest(DeadLetterFilter.ALL, false, null, 10), NOON,
                TopicEnds.NONE);
        String json = RedriveJson.text(job).replaceFirst("\\{", "{\"later\":{\"x\":1},");

        // Then
        assertThat(RedriveJson.read(json.getBytes(StandardCharsets.UTF_8), RedriveJob.class)).isEqualTo(job);
    }

    @Test
    void shouldStayBelowAMegabyteWithTheMostLettersScatteredOverABillionAndTheMostCoordinates() {
        // Given
        Random random = new Random(1);
        SentDeadLetters sent = new SentDeadLetters();
        while (sent.size() < RedriveRequest.MOST_LETTERS) {
            sent.add(new TopicPartition("orders-dlq", random.nextInt(PARTITIONS)), random.nextInt(1_000_000_000));
        }
        List<Coordinates> letters = IntStream.range(0, MOST_COORDINATES)
                .mapToObj(n -> new Coordinates("t".repeat(249), n, Long.MAX_VALUE)).toList();
        DeadLetterFilter filter = new DeadLetterFilter(null, null, null, null, null, null, null, letters);
        LeftOut leftOut = new LeftOut();
        letters.forEach(letter -> leftOut.add(letter, RedriveCounts.REFUSED, "r".repeat(1_000)));
        RedriveCounts counts = new RedriveCounts(0, 0, 0, leftOut.counts(), List.of(), leftOut.listed());
        RedriveJob job = RedriveJob.created("id", "me", new RedriveRequest(filter, false, null, 10), NOON,
                TopicEnds.NONE).running(NOON, counts, new RedriveCheckpoint(Map.of(), sent.write(), Map.of(), Map.of()));

        // When
        byte[] json = RedriveJson.write(job);

        // Then
        assertThat(json.length).isBetween(500_000, 1_000_000);
        assertThat(SentDeadLetters.read(RedriveJson.read(json, RedriveJob.class).checkpoint().sent()).write())
                .isEqualTo(sent.write());
    }
}
