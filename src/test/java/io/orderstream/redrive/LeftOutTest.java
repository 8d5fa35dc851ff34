package io.orderstream.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.DeadLetterFilter.Coordinates;

class LeftOutTest {

    private final LeftOut leftOut = new LeftOut();

    @Test
    void shouldCountAllAndListTheFirstHundredWhateverTheOrder() {
        // When
        IntStream.range(0, 1_000).map(n -> n * 7 % 1_000).forEach(n -> add(n, RedriveCounts.PARKED));

        // Then
        assertThat(leftOut.counts()).isEqualTo(Map.of("parked", 1_000));
        assertThat(leftOut.listed()).extracting(LeftOutDeadLetter::offset)
                .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(Long::valueOf).toList());
    }

    @Test
    void shouldListSomeOfEachReason() {
        // When
        IntStream.range(0, 1_000).forEach(n -> add(n, RedriveCounts.ALREADY_REDRIVEN));
        add(5_000, RedriveCounts.REFUSED);
        IntStream.range(6_000, 6_010).forEach(n -> add(n, RedriveCounts.GONE));

        // Then
        assertThat(leftOut.listed()).hasSize(100).extracting(LeftOutDeadLetter::reason).contains("refused")
                .filteredOn("gone"::equals).hasSize(10);
    }

    @Test
    void shouldKeepADetailShortAndInOneLine() {
        // When
        leftOut.add(new Coordinates("t", 0, 0), RedriveCounts.REFUSED, "a\nb" + "c".repeat(1_000));

        // Then
        assertThat(leftOut.listed().get(0).detail()).hasSize(100).startsWith("a bccc").endsWith("...");
    }

    private void add(long offset, String reason) {
        leftOut.add(new Coordinates("orders-dlq", 0, offset), reason, null);
    }
}
