package io.orderstream.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.orderstream.record.Delivery;
import io.orderstream.support.LogText;
import io.orderstream.testsupport.NastyTexts;

class ShortLineTest {

    private static final String UUID = "0d6f3c1e-5d8b-4d39-9f0a-4b1c2d3e4f5a";
    private static final int ATTEMPTS = 4;

    private record Other(String value) implements Delivery<String> {

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public String topic() {
            return "events";
        }

        @Override
        public int partition() {
            return 3;
        }

        @Override
        public long offset() {
            return 17;
        }

        @Override
        public Headers headers() {
            return new RecordHeaders();
        }

        @Override
        public Instant timestamp() {
            return Instant.EPOCH;
        }
    }

    @Test
    void shouldShowAnOrderInColumnsWithTheAverage() {
        assertThat(text(Lines.processed("1019", 1)))
                .isEqualTo("processed    1019          Notebook          406.67  average 479.56 count 17");
        assertThat(text(Lines.processed(UUID, 3)))
                .isEqualTo("processed    ..1c2d3e4f5a  Notebook          406.67  average 479.56 count 17, with attempt 3");
    }

    @Test
    void shouldShowARetryAndADeadLetterWithTheirReasonAndNoLongIds() {
        assertThat(text(Lines.retry(UUID, 2, 1_001, "attempt 1 of 3 that fail for order " + UUID))).isEqualTo(
                "retry        ..1c2d3e4f5a  Notebook          406.67  attempt 2 of 4 after 1.0 s: attempt 1 of 3 that fail for "
                        + "order ..1c2d3e4f5a");
        assertThat(text(Lines.retry("1019", 7)))
                .isEqualTo("retry        1019          Notebook          406.67  attempt 7");
        assertThat(text(Lines.deadLetter(UUID, "poison", "order " + UUID + " can never succeed"))).isEqualTo(
                "dead letter  ..1c2d3e4f5a  Notebook          406.67  poison: order ..1c2d3e4f5a can never succeed");
    }

    @Test
    void shouldShowRecordsOfOtherPipelinesByTheirLabel() {
        // Given
        Delivery<?> event = new Other("opened");

        // Then
        assertThat(text(Lines.deadLetter(event, "event=" + UUID + " type=door-opened", "exhausted", "no")))
                .isEqualTo("dead letter  event=..1c2d3e4f5a type=door-opened  exhausted: no");
        assertThat(text(Lines.deadLetter(new Other(null), "", "undecodable", "not JSON")))
                .isEqualTo("dead letter  events-3-17  undecodable: not JSON");
    }

    @Test
    void shouldColourOnlyWhatHasBecomeOfTheRecord() {
        for (ShortLine line : List.of(Lines.processed("1", 1), Lines.retry("1", 2), Lines.deadLetter("1", "poison", "no"))) {
            // When
            String coloured = line.text(ATTEMPTS, true);

            // Then
            assertThat(coloured).matches("\u001b\\[3[123]m[a-z ]{11}\u001b\\[0m  1 .*");
            assertThat(coloured.replaceAll("\u001b\\[\\d+m", "")).isEqualTo(text(line));
        }
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.testsupport.NastyTexts#all")
    void shouldStayOneBoundedLineInItsColumnsWhateverIsInTheRecord(String text) {
        // When
        List<String> lines = List.of(text(Lines.processed(text, 1)), text(Lines.retry(text, 2, 1, text)),
                text(Lines.deadLetter(text, "poison", text)),
                text(Lines.deadLetter(Lines.order("1", text, 1), text, "poison", text)),
                text(Lines.deadLetter(new Other(text), text, "poison", text)));

        // Then
        assertThat(lines).allSatisfy(line -> {
            assertThat(line).hasSizeLessThan(500);
            assertThat(NastyTexts.isSafe(line)).as(LogText.line(line)).isTrue();
        });
        assertThat(lines.subList(0, 3)).allSatisfy(line -> assertThat(line.indexOf("  Notebook")).isEqualTo(25));
        assertThat(lines.get(3).indexOf("406.67")).isEqualTo(45);
    }

    @Test
    void shouldTakeNoOtherLines() {
        assertThat(ShortLine.of("step failed: record=%s reason=\"%s\"", new Object[] { "orders-0-0", "no" })).isNull();
        assertThat(ShortLine.of("retried in place: record=%s", new Object[] { Lines.order("1", "Mouse", 1) })).isNull();
        assertThat(ShortLine.of("processed: of somebody else", new Object[0])).isNull();
        assertThat(ShortLine.of(null, null)).isNull();
    }

    private static String text(ShortLine line) {
        return line.text(ATTEMPTS, false);
    }
}
