package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterTest {

    @Test
    void shouldReadEveryHeaderOfTheContract() {
        // When
        DeadLetter letter = DeadLetter
                .of(LetterBuilder.of(5, 17).with(DeadLetterHeaders.ORIGINAL_TIMESTAMP, "2026-02-01T00:00:00Z")
                        .redriven(2, "orders-1-4").record());

        // Then
        assertThat(letter).isEqualTo(new DeadLetter("orders-dlq", 0, 5, Origin.record("orders", 1, 4), "poison",
                "order o-17 failed", "java.lang.Exception", 4, "a-group", LetterBuilder.AT,
                Instant.parse("2026-02-01T00:00:00Z"), 2,
                "job-2", null));
        assertThat(letter.coordinates()).isEqualTo(new DeadLetterFilter.Coordinates("orders-dlq", 0, 5));
        assertThat(letter.foldedReason()).isEqualTo("order <id> failed");
        assertThat(letter.reasonGroup()).isEqualTo(Reasons.groupId("poison", "order <id> failed"));
    }

    @Test
    void shouldReadALetterWithSmallRyesHeadersAlone() {
        // When
        DeadLetter letter = DeadLetter.of(LetterBuilder.bare(5).with(DeadLetterHeaders.TOPIC, "payments")
                .with(DeadLetterHeaders.PARTITION, "1").with(DeadLetterHeaders.OFFSET, "8")
                .with(DeadLetterHeaders.REASON, "no").with(DeadLetterHeaders.EXCEPTION_CLASS_NAME, "E").record());

        // Then
        assertThat(letter)
                .isEqualTo(new DeadLetter("orders-dlq", 0, 5, Origin.record("payments", 1, 8), "unknown", "no", "E", null,
                        "", LetterBuilder.AT, null, 0, "", null));
    }

    @Test
    void shouldBeALetterWithoutAnyHeader() {
        assertThat(DeadLetter.of(LetterBuilder.bare(5).record()))
                .isEqualTo(
                        new DeadLetter("orders-dlq", 0, 5, null, "unknown", "", "", null, "", LetterBuilder.AT, null, 0, "",
                                null));
    }

    @Test
    void shouldTakeTheFirstHeaderOfAName() {
        // Given
        RecordHeaders headers = new RecordHeaders(LetterBuilder.of(5, 17).headers());
        headers.add(new RecordHeader(DeadLetterHeaders.REASON, LetterBuilder.bytes("of an earlier life")));

        // When
        DeadLetter letter = DeadLetter.of(new LetterBuilder("orders-dlq", 0, 5, null, null, headers).record());

        // Then
        assertThat(letter.reason()).isEqualTo("order o-17 failed");
    }

    @Test
    void shouldTellTheSpoolsEntryOfWhatNeverGotToItsTopic() {
        // Given
        LetterBuilder spooled = LetterBuilder.bare(5).with(DeadLetterHeaders.TOPIC, "orders")
                .with(DeadLetterHeaders.SPOOL_ID, "e7")
                .with(DeadLetterHeaders.KIND, "undeliverable");

        // Then
        assertThat(DeadLetter.of(spooled.record()).origin()).isEqualTo(Origin.spooled("orders", "e7"));
        assertThat(DeadLetter.of(spooled.record()).kind()).isEqualTo("undeliverable");
    }

    @Test
    void shouldTellTheRecordThatFailedFromWhatItWasAtFirst() {
        // Given
        LetterBuilder again = LetterBuilder.of(5, 17).redriven(1, "orders-1-4");

        // Then
        assertThat(DeadLetter.of(again.record()).origin()).isEqualTo(Origin.record("orders", 1, 4));
        assertThat(DeadLetter.source(again.record())).contains(Origin.record("orders", 3, 17));
        assertThat(DeadLetter.of(again.with(DeadLetter.REDRIVE_ORIGIN, "nonsense").record()).origin())
                .isEqualTo(Origin.record("orders", 3, 17));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " ", "x", "-1", "1.5", "99999999999", "99999999999999999999999", "\u0000", "NaN" })
    void shouldLeaveOutWhatIsNoNumber(String value) {
        // When
        DeadLetter letter = DeadLetter.of(LetterBuilder.of(5, 17).with(DeadLetterHeaders.ATTEMPTS, value)
                .with(DeadLetterHeaders.PARTITION, value).with(DeadLetter.REDRIVE_COUNT, value).record());

        // Then
        assertThat(letter.attempts()).isNull();
        assertThat(letter.origin()).isNull();
        assertThat(letter.redriveCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "yesterday", "2026-03-01", "+1000000000-12-31T23:59:59Z", "-0044-03-15T12:00:00Z" })
    void shouldTakeTheRecordsTimeForATimeThatIsNone(String value) {
        // When
        DeadLetter letter = DeadLetter.of(LetterBuilder.of(5, 17).with(DeadLetterHeaders.TIMESTAMP, value)
                .with(DeadLetterHeaders.ORIGINAL_TIMESTAMP, value).record());

        // Then
        assertThat(letter.at()).isEqualTo(LetterBuilder.AT);
        assertThat(letter.originalAt()).isNull();
    }

    @Test
    void shouldSurviveHeadersThatHoldAnything() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        List.of(DeadLetterHeaders.TOPIC, DeadLetterHeaders.OFFSET, DeadLetterHeaders.KIND, DeadLetterHeaders.TIMESTAMP,
                DeadLetter.REDRIVE_ORIGIN, DeadLetter.REDRIVE_COUNT).forEach(name -> headers.add(name, null));
        headers.add(DeadLetterHeaders.PARTITION, new byte[] { -1, -2, (byte) 0xc3 });
        headers.add(DeadLetterHeaders.REASON, new byte[2_000_000]);

        // When
        DeadLetter letter = DeadLetter.of(new LetterBuilder("orders-dlq", 0, 5, null, null, headers).record());

        // Then
        assertThat(letter.origin()).isNull();
        assertThat(letter.kind()).isEqualTo("unknown");
        assertThat(letter.reason()).hasSize(1_000);
    }

    @Test
    void shouldKnowNoKindsButTheirs() {
        // They become names of groups and of metrics, whose number must be bounded.
        assertThat(DeadLetter.of(LetterBuilder.of(5, 17).with(DeadLetterHeaders.KIND, "kind-4711").record()).kind())
                .isEqualTo("unknown");
        assertThat(DeadLetter.KINDS).containsExactly("poison", "exhausted", "undecodable", "undeliverable", "unknown");
    }

    @Test
    void shouldNotCutACharacterInTwo() {
        assertThat(Reasons.cut("ab\ud83d\ude00", 3)).isEqualTo("ab");
        assertThat(Reasons.cut("ab\ud83d\ude00", 4)).isEqualTo("ab\ud83d\ude00");
    }
}
