package io.orderstream.redrive;

import static io.orderstream.deadletter.DeadLetters.at;
import static io.orderstream.deadletter.DeadLetters.headers;
import static io.orderstream.deadletter.DeadLetters.redriven;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetterFilter.Coordinates;
import io.orderstream.deadletter.DeadLetters;
import io.orderstream.deadletter.Origin;
import io.orderstream.deadletter.OriginMap;
import io.orderstream.redrive.RedriveService.DryRun.Bucket;

class SelectionTest {

    private static final Map<String, String> NOTHING = Map.of();
    private static final TopicPartition DLQ = new TopicPartition(DeadLetters.DLQ, 0);

    private final SentDeadLetters sent = new SentDeadLetters();

    @Test
    void shouldChooseTheLatestLetterOfEachOriginWhateverTheOrderTheyAreShownIn() {
        // Given
        List<ConsumerRecord<byte[], byte[]>> letters = List.of(at(0, 0, headers(0, 7, NOTHING)),
                at(0, 1, headers(0, 99, redriven(0, 7, 1))), at(0, 2, headers(0, 120, redriven(0, 7, 2))));

        // Then
        assertThat(offsets(select(all(), letters))).containsExactly(2L);
        assertThat(offsets(select(all(), List.of(letters.get(2), letters.get(0), letters.get(1))))).containsExactly(2L);
        assertThat(select(all(), letters).matching()).isOne();
        assertThat(select(all(), letters).leftOut().counts()).isEmpty();
    }

    @Test
    void shouldNotFallBackToAnOlderLetterWhenTheLatestIsNotOfTheFilter() {
        // Given
        DeadLetterFilter exhausted = new DeadLetterFilter(null, "exhausted", null, null, null, null, null, null);
        List<ConsumerRecord<byte[], byte[]>> letters = List.of(
                at(0, 0, headers(0, 7, Map.of("dead-letter-kind", "exhausted"))), at(0, 1, headers(0, 99, redriven(0, 7, 1))));

        // Then
        assertThat(select(wanted(exhausted, 10, false), letters).letters()).isEmpty();
    }

    @Test
    void shouldSendInTheOrderOfTheOriginsAndNoMoreThanTheLimit() {
        // Given
        List<ConsumerRecord<byte[], byte[]>> letters = List.of(at(0, 0, headers(1, 3, NOTHING)),
                at(0, 1, headers(0, 9, NOTHING)),
                at(0, 2, headers(0, 100, NOTHING)), at(0, 3, headers(0, 10, NOTHING)));

        // Then
        assertThat(offsets(select(all(), letters))).containsExactly(1L, 3L, 2L, 0L);
        assertThat(offsets(select(wanted(DeadLetterFilter.ALL, 2, false), letters))).containsExactly(1L, 3L);
        assertThat(select(wanted(DeadLetterFilter.ALL, 2, false), letters).matching()).isEqualTo(4);
    }

    @Test
    void shouldSendTheFirstOfTwoCopiesAndCountTheOther() {
        // Given
        List<ConsumerRecord<byte[], byte[]>> letters = List.of(at(0, 5, headers(0, 7, NOTHING)),
                at(0, 4, headers(0, 7, NOTHING)));

        // When
        Selection.Result result = select(all(), letters);

        // Then
        assertThat(offsets(result)).containsExactly(4L);
        assertThat(result.leftOut().counts()).isEqualTo(Map.of("copies", 1));
    }

    @Test
    void shouldRefuseAndListLettersThatWereRedrivenAsOftenAsIsAllowed() {
        // Given
        List<ConsumerRecord<byte[], byte[]>> letters = List.of(at(0, 0, headers(0, 90, redriven(0, 1, 3))),
                at(0, 1, headers(0, 91, redriven(0, 2, 2))));

        // When
        Selection.Result result = select(all(), letters);

        // Then
        assertThat(offsets(result)).containsExactly(1L);
        assertThat(result.leftOut().counts()).isEqualTo(Map.of("parked", 1));
        assertThat(result.parked()).containsExactly(new Coordinates(DeadLetters.DLQ, 0, 0));
    }

    @Test
    void shouldSkipWhatAnotherJobHasSentUnlessItIsWantedOnceMore() {
        // Given
        List<ConsumerRecord<byte[], byte[]>> letters = List.of(at(0, 0, headers(0, 7, NOTHING)),
                at(0, 1, headers(0, 8, NOTHING)), at(0, 2, headers(0, 7, NOTHING)));

        // Then
        assertThat(select(all(), letters, Set.of(2L)).leftOut().counts()).isEqualTo(Map.of("alreadyRedriven", 1, "copies", 1));
        assertThat(offsets(select(all(), letters, Set.of(2L)))).as("a copy counts as well").containsExactly(1L);
        assertThat(offsets(select(wanted(DeadLetterFilter.ALL, 10, true), letters, Set.of(2L)))).containsExactly(0L, 1L);
    }

    @Test
    void shouldGoOnBehindWhatTheJobHasSentAndFoundLanded() {
        // Given
        sent.add(DLQ, 0);
        List<ConsumerRecord<byte[], byte[]>> letters = LongStream.range(0, 6).mapToObj(n -> at(0, n, headers(0, n, NOTHING)))
                .toList();

        // When
        Selection.Result result = result(wanted(DeadLetterFilter.ALL, 4, false), letters, Set.of(), Set.of(origin(1)));

        // Then
        assertThat(offsets(result)).containsExactly(2L, 3L);
        assertThat(sent.contains(DLQ, 1)).isTrue();
        assertThat(sent.size()).isEqualTo(2);
    }

    @Test
    void shouldSayWhichLettersAskedForHaveComeBackSince() {
        // Given
        DeadLetterFilter first = new DeadLetterFilter(null, null, null, null, null, null, null,
                List.of(new Coordinates(DeadLetters.DLQ, 0, 0)));
        List<ConsumerRecord<byte[], byte[]>> letters = List.of(at(0, 0, headers(0, 7, NOTHING)),
                at(0, 1, headers(0, 99, redriven(0, 7, 1))));

        // When
        Selection.Result result = select(wanted(first, 10, false), letters);

        // Then
        assertThat(result.letters()).isEmpty();
        assertThat(result.leftOut().counts()).isEqualTo(Map.of("superseded", 1));
    }

    @Test
    void shouldSkipLettersWithoutATopicToGoBackTo() {
        // Given
        List<ConsumerRecord<byte[], byte[]>> letters = List.of(
                at(0, 0, headers(0, 7, Map.of("dead-letter-topic", "gone"))),
                at(0, 1, headers(0, 8, Map.of("dead-letter-offset", "x"))));

        // When
        Selection.Result result = select(all(), letters);

        // Then
        assertThat(result.letters()).isEmpty();
        assertThat(result.leftOut().counts()).isEqualTo(Map.of("noOrigin", 1, "unknownTarget", 1));
    }

    @Test
    void shouldKnowWhenWhatItSelectsWasGivenUp() {
        // Given
        List<ConsumerRecord<byte[], byte[]>> letters = LongStream.range(0, 500)
                .mapToObj(n -> at(0, n, headers(0, n,
                        Map.of("dead-letter-timestamp", Instant.EPOCH.plus(Duration.ofMinutes(n)).toString()))))
                .toList();

        // When
        Selection.Result result = select(wanted(DeadLetterFilter.ALL, 300, false), letters);

        // Then
        assertThat(TimeHistogram.of(result.letters().stream().mapToLong(SelectedDeadLetter::givenUpMillis).toArray()))
                .extracting(Bucket::count).containsExactly(30, 30, 30, 30, 30, 30, 30, 30, 30, 30);
    }

    private Selection.Result select(RedriveRequest request, List<ConsumerRecord<byte[], byte[]>> letters) {
        return select(request, letters, Set.of());
    }

    private Selection.Result select(RedriveRequest request, List<ConsumerRecord<byte[], byte[]>> letters, Set<Long> redriven) {
        return result(request, letters, redriven, Set.of());
    }

    private Selection.Result result(RedriveRequest request, List<ConsumerRecord<byte[], byte[]>> letters, Set<Long> redriven,
            Set<Origin> landed) {
        OriginMap<Boolean> found = new OriginMap<>();
        landed.forEach(origin -> found.put(origin, new byte[5], true));
        Selection selection = new Selection(request, 3, Set.of(DeadLetters.TOPIC), letter -> redriven.contains(letter.offset()),
                sent, found);
        letters.forEach(selection::add);
        return selection.result();
    }

    private static Origin origin(long offset) {
        return Origin.record(DeadLetters.TOPIC, 0, offset);
    }

    private static RedriveRequest all() {
        return wanted(DeadLetterFilter.ALL, 10, false);
    }

    private static RedriveRequest wanted(DeadLetterFilter filter, int limit, boolean includeRedriven) {
        return new RedriveRequest(filter, includeRedriven, null, limit);
    }

    private static List<Long> offsets(Selection.Result result) {
        return Arrays.asList(result.letters().stream().map(SelectedDeadLetter::offset).toArray(Long[]::new));
    }
}
