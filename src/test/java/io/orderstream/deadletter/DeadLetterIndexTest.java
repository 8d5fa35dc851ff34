package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DeadLetterIndexTest {

    private static final Clock CLOCK = Clock.fixed(LetterBuilder.AT.plusSeconds(60), ZoneOffset.UTC);
    private static final TopicPartition PARTITION = new TopicPartition("orders-dlq", 0);

    private final DeadLetterIndex index = new DeadLetterIndex(5, CLOCK);

    @Test
    void shouldHaveOneEntryPerOriginalWithItsCopiesCounted() {
        // When
        index.add(LetterBuilder.of(1, 17).record());
        index.add(LetterBuilder.of(2, 17).record());
        IndexedDeadLetter entry = index.add(LetterBuilder.of(3, 17).record());
        index.add(LetterBuilder.of(4, 18).record());

        // Then
        assertThat(index.newestFirst()).hasSize(2);
        assertThat(entry.copies()).isEqualTo(2);
        assertThat(entry.letter().offset()).isEqualTo(1);
        assertThat(entry.history()).hasSize(1);
        assertThat(index.snapshot().letters()).isEqualTo(4);
        assertThat(onlyGroup().count()).isEqualTo(2);
        assertThat(onlyGroup().letters()).isEqualTo(4);
    }

    @Test
    void shouldTakeTheSameRecordTwiceForOne() {
        // When
        index.add(LetterBuilder.of(1, 17).record());
        IndexedDeadLetter entry = index.add(LetterBuilder.of(1, 17).record());

        // Then
        assertThat(entry.copies()).isZero();
        assertThat(index.snapshot().letters()).isEqualTo(1);
    }

    @Test
    void shouldShowTheHistoryOfAnOrderThatWasRedrivenAndFailedAgain() {
        // When
        index.add(LetterBuilder.of(1, 17).record());
        index.add(LetterBuilder.of(9, 40).redriven(2, "orders-3-17").at(LetterBuilder.AT.plusSeconds(20)).record());
        // Partitions are read in turn: what was second may come last.
        index.add(LetterBuilder.of(5, 30).redriven(1, "orders-3-17").at(LetterBuilder.AT.plusSeconds(10)).in("orders-dlq", 2)
                .record());
        index.add(LetterBuilder.of(6, 30).redriven(1, "orders-3-17").at(LetterBuilder.AT.plusSeconds(10)).record());

        // Then
        IndexedDeadLetter entry = index.newestFirst().get(0);
        assertThat(index.newestFirst()).hasSize(1);
        assertThat(entry.history()).extracting(DeadLetter::redriveCount).containsExactly(0, 1, 2);
        assertThat(entry.history()).extracting(DeadLetter::offset).containsExactly(1L, 5L, 9L);
        assertThat(entry.letter().offset()).isEqualTo(9);
        assertThat(entry.copies()).isEqualTo(1);
        assertThat(onlyGroup().letters()).isEqualTo(4);
    }

    @Test
    void shouldTellALetterOfATopicMadeAnewFromACopy() {
        // When
        index.add(LetterBuilder.of(1, 17).original("2026-01-01T00:00:00Z").record());
        index.add(LetterBuilder.of(2, 17).original("2026-02-01T00:00:00Z").record());
        index.add(LetterBuilder.of(3, 17).original("2026-02-01T00:00:00Z").record());
        index.add(LetterBuilder.of(4, 30).original("2026-03-01T00:00:00Z").redriven(1, "orders-3-17")
                .with(DeadLetter.REDRIVE_ORIGIN_TIMESTAMP, "2026-01-01T00:00:00Z").record());

        // Then
        assertThat(index.newestFirst()).hasSize(2);
        assertThat(index.newestFirst()).filteredOn(entry -> entry.letter().offset() == 4).singleElement()
                .satisfies(entry -> assertThat(entry.history()).extracting(DeadLetter::offset).containsExactly(1L, 4L));
        assertThat(index.newestFirst()).filteredOn(entry -> entry.letter().offset() == 2).singleElement()
                .satisfies(entry -> assertThat(entry.copies()).isOne());
    }

    @Test
    void shouldForgetEverythingThoseNoLongerListedIncluded() {
        // Given
        LongStream.range(0, 10).forEach(number -> index.add(LetterBuilder.of(number, number).record()));
        index.add(LetterBuilder.bare(10).record());
        index.forgetBefore(Map.of(PARTITION, 1L));

        // When
        index.clear();

        // Then
        assertThat(index.snapshot()).isEqualTo(new DeadLetterIndex(5, CLOCK).snapshot());
        index.add(LetterBuilder.of(1, 1).record());
        assertThat(index.newestFirst()).hasSize(1);
    }

    @Test
    void shouldTellTwoFailuresAfterOneRedriveFromACopy() {
        // A job that was cut off may send twice: those are two records, and each may fail.
        index.add(LetterBuilder.of(1, 30).redriven(1, "orders-3-17").record());
        index.add(LetterBuilder.of(2, 31).redriven(1, "orders-3-17").record());

        assertThat(index.newestFirst()).singleElement().satisfies(entry -> {
            assertThat(entry.history()).hasSize(2);
            assertThat(entry.copies()).isZero();
        });
    }

    @Test
    void shouldKeepTheLastTenOfALongHistory() {
        // When
        IntStream.rangeClosed(0, 14).forEach(count -> index.add(
                LetterBuilder.of(count, 100 + count).redriven(count, "orders-3-17").record()));

        // Then
        assertThat(index.newestFirst().get(0).history()).extracting(DeadLetter::redriveCount).containsExactly(5, 6, 7, 8, 9, 10,
                11,
                12, 13, 14);
    }

    @Test
    void shouldTakeLettersWithoutAnOriginForOneEach() {
        // When
        index.add(LetterBuilder.bare(1).record());
        index.add(LetterBuilder.bare(2).record());

        // Then
        assertThat(index.newestFirst()).hasSize(2);
    }

    @Test
    void shouldDropTheOldestAndKeepItInTheCounts() {
        // When
        LongStream.of(3, 1, 4, 0, 5, 2, 6, 7).forEach(number -> index.add(
                LetterBuilder.of(number, number).at(LetterBuilder.AT.plusSeconds(number)).record()));

        // Then
        assertThat(index.newestFirst()).extracting(entry -> entry.letter().offset()).containsExactly(7L, 6L, 5L, 4L, 3L);
        assertThat(index.oldest(letter -> true).offset()).isEqualTo(3);
        assertThat(onlyGroup().count()).isEqualTo(8);
        assertThat(onlyGroup().topics()).containsExactly(Map.entry("orders-dlq", 8));
        assertThat(index.snapshot().letters()).isEqualTo(8);
        assertThat(index.kinds()).containsEntry("poison", 8);
    }

    @Test
    void shouldMoveAnOriginalThatComesBackWithAnotherReasonToItsGroup() {
        // Given
        index.add(LetterBuilder.of(1, 17).record());
        index.add(LetterBuilder.of(2, 18).record());

        // When
        index.add(LetterBuilder.of(3, 30).redriven(1, "orders-3-17").with(DeadLetterHeaders.REASON, "no stock")
                .with(DeadLetterHeaders.KIND, "exhausted").in("other-dlq", 0).record());

        // Then
        assertThat(group("order <id> failed").count()).isEqualTo(1);
        assertThat(group("order <id> failed").letters()).isEqualTo(1);
        assertThat(group("no stock").count()).isEqualTo(1);
        assertThat(group("no stock").letters()).isEqualTo(2);
        assertThat(group("no stock").topics()).containsExactly(Map.entry("other-dlq", 1));
        assertThat(group("order <id> failed").topics()).containsExactly(Map.entry("orders-dlq", 1));
        assertThat(index.kinds()).containsEntry("poison", 1).containsEntry("exhausted", 1).containsEntry("undecodable", 0);
    }

    @Test
    void shouldForgetAGroupWhenItsLastOriginalHasMovedOn() {
        // When
        index.add(LetterBuilder.of(1, 17).record());
        index.add(LetterBuilder.of(3, 30).redriven(1, "orders-3-17").with(DeadLetterHeaders.REASON, "no stock").record());

        // Then
        assertThat(onlyGroup().reason()).isEqualTo("no stock");
    }

    @Test
    void shouldForgetWhatTheTopicHasDeleted() {
        // Given
        LongStream.range(0, 4).forEach(number -> index.add(LetterBuilder.of(number, number).record()));
        index.add(LetterBuilder.of(1, 9).in("orders-dlq", 1).record());

        // When
        index.forgetBefore(Map.of(PARTITION, 3L));

        // Then
        assertThat(index.newestFirst()).extracting(entry -> entry.letter().coordinates().toString())
                .containsExactlyInAnyOrder("Coordinates[topic=orders-dlq, partition=0, offset=3]",
                        "Coordinates[topic=orders-dlq, partition=1, offset=1]");
        assertThat(onlyGroup().count()).isEqualTo(2);
        assertThat(index.snapshot().letters()).isEqualTo(2);
        index.forgetBefore(Map.of(PARTITION, 4L, new TopicPartition("orders-dlq", 1), Long.MAX_VALUE));
        assertThat(index.snapshot()).isEqualTo(new DeadLetterIndex(1, CLOCK).snapshot());
        assertThat(index.oldest(letter -> true)).isNull();
    }

    @Test
    void shouldPutTheReasonsBeyondTheThousandthIntoOneGroupPerKind() {
        // When
        IntStream.range(0, 1_003).forEach(number -> index.add(LetterBuilder.of(number, number)
                .with(DeadLetterHeaders.REASON, "reason " + letters(number)).record()));
        index.add(LetterBuilder.of(2_000, 2_000).with(DeadLetterHeaders.REASON, "reason " + letters(5)).record());
        index.add(LetterBuilder.of(2_001, 2_001).with(DeadLetterHeaders.REASON, "one more")
                .with(DeadLetterHeaders.KIND, "exhausted").record());

        // Then
        assertThat(index.snapshot().groups()).hasSize(1_002);
        assertThat(index.snapshot().groups()).filteredOn(group -> group.reason().equals("(other reasons)"))
                .extracting(group -> group.kind() + " " + group.count()).containsExactlyInAnyOrder("poison 3", "exhausted 1");
        assertThat(group("reason " + letters(5)).count()).isEqualTo(2);
    }

    @Test
    void shouldKnowWhenAGroupWasSeenFirstAndLast() {
        // When
        LongStream.of(5, 1, 9).forEach(number -> index.add(
                LetterBuilder.of(number, number).at(LetterBuilder.AT.minus(Duration.ofDays(number))).record()));

        // Then
        assertThat(onlyGroup().firstSeen()).isEqualTo(LetterBuilder.AT.minus(Duration.ofDays(9)));
        assertThat(onlyGroup().lastSeen()).isEqualTo(LetterBuilder.AT.minus(Duration.ofDays(1)));
        assertThat(onlyGroup().trend()).isEqualTo(new Trend(0, 0, Collections.nCopies(24, 0)));
    }

    @Test
    void shouldKeepNoMoreOfARecordThanItsBeginning() {
        // Given
        byte[] key = new byte[2_000];
        byte[] value = new byte[20_000];
        Arrays.fill(value, (byte) 7);

        // When
        IndexedDeadLetter large = index.add(LetterBuilder.of(1, 1).holding(key, value).record());
        IndexedDeadLetter none = index.add(LetterBuilder.of(2, 2).holding(null, null).record());

        // Then
        assertThat(large.value()).hasSize(16_384).containsOnly(7);
        assertThat(large.key()).hasSize(1_024);
        assertThat(large).extracting(IndexedDeadLetter::valueBytes, IndexedDeadLetter::isTruncated)
                .containsExactly(20_000, true);
        assertThat(none).extracting(IndexedDeadLetter::value, IndexedDeadLetter::key, IndexedDeadLetter::isTruncated)
                .containsExactly(null, null, false);
    }

    private GroupCounts onlyGroup() {
        assertThat(index.snapshot().groups()).hasSize(1);
        return index.snapshot().groups().get(0);
    }

    private GroupCounts group(String reason) {
        return index.snapshot().groups().stream().filter(group -> group.reason().equals(reason)).findFirst().orElseThrow();
    }

    /** A number in letters, since digits would be folded away. */
    private static String letters(int number) {
        return Integer.toString(number).chars().mapToObj(digit -> String.valueOf((char) ('a' + digit - '0')))
                .reduce("", String::concat);
    }
}
