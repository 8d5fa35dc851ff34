package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.DeadLetterFilter.Coordinates;

class DeadLetterFilterTest {

    private static final DeadLetter LETTER = DeadLetter.of(LetterBuilder.of(5, 17).record());
    private static final byte[] KEY = LetterBuilder.bytes("a-key");

    @Test
    void shouldSelectAllByDefault() {
        assertThat(DeadLetterFilter.ALL.matches(LETTER, KEY)).isTrue();
        assertThat(DeadLetterFilter.ALL.matches(DeadLetter.of(LetterBuilder.bare(1).record()), null)).isTrue();
        assertThat(new DeadLetterFilter(null, null, null, null, null, null, null, List.of()).matches(LETTER, KEY)).isTrue();
    }

    @Test
    void shouldSelectByTheTopicOfTheLetterOrOfItsOrigin() {
        assertThat(topic("orders-dlq").matches(LETTER, KEY)).isTrue();
        assertThat(topic("orders").matches(LETTER, KEY)).isTrue();
        assertThat(topic("payments").matches(LETTER, KEY)).isFalse();
        assertThat(topic("orders").matches(DeadLetter.of(LetterBuilder.bare(1).record()), KEY)).isFalse();
    }

    @Test
    void shouldSelectByKind() {
        assertThat(kind("poison").matches(LETTER, KEY)).isTrue();
        assertThat(kind("exhausted").matches(LETTER, KEY)).isFalse();
    }

    @Test
    void shouldSelectAWholeGroupByOneOfItsReasonsOrByItsName() {
        assertThat(reason("order x-99 failed").matches(LETTER, KEY)).isTrue();
        assertThat(reason("order <id> failed").matches(LETTER, KEY)).isTrue();
        assertThat(reason("order").matches(LETTER, KEY)).isFalse();
        assertThat(group(LETTER.reasonGroup()).matches(LETTER, KEY)).isTrue();
        assertThat(group("00000000").matches(LETTER, KEY)).isFalse();
    }

    @Test
    void shouldSelectByKey() {
        DeadLetterFilter filter = new DeadLetterFilter(null, null, null, null, "a-key", null, null, null);
        assertThat(filter.matches(LETTER, KEY)).isTrue();
        assertThat(filter.matches(LETTER, LetterBuilder.bytes("another"))).isFalse();
        assertThat(filter.matches(LETTER, null)).isFalse();
    }

    @Test
    void shouldSelectFromATimeOnAndUntilBeforeAnother() {
        assertThat(times(LetterBuilder.AT, null).matches(LETTER, KEY)).isTrue();
        assertThat(times(LetterBuilder.AT.plusMillis(1), null).matches(LETTER, KEY)).isFalse();
        assertThat(times(null, LetterBuilder.AT.plusMillis(1)).matches(LETTER, KEY)).isTrue();
        assertThat(times(null, LetterBuilder.AT).matches(LETTER, KEY)).isFalse();
    }

    @Test
    void shouldSelectSingleLetters() {
        assertThat(letters(new Coordinates("orders-dlq", 0, 4), new Coordinates("orders-dlq", 0, 5)).matches(LETTER, KEY))
                .isTrue();
        assertThat(letters(new Coordinates("orders-dlq", 1, 5)).matches(LETTER, KEY)).isFalse();
    }

    @Test
    void shouldSelectOnlyWhatHasEverythingAskedFor() {
        assertThat(new DeadLetterFilter("orders", "poison", null, null, "a-key", null, null, null).matches(LETTER, KEY))
                .isTrue();
        assertThat(new DeadLetterFilter("orders", "poison", null, null, "b-key", null, null, null).matches(LETTER, KEY))
                .isFalse();
    }

    private static DeadLetterFilter topic(String topic) {
        return new DeadLetterFilter(topic, null, null, null, null, null, null, null);
    }

    private static DeadLetterFilter kind(String kind) {
        return new DeadLetterFilter(null, kind, null, null, null, null, null, null);
    }

    private static DeadLetterFilter reason(String reason) {
        return new DeadLetterFilter(null, null, reason, null, null, null, null, null);
    }

    private static DeadLetterFilter group(String group) {
        return new DeadLetterFilter(null, null, null, group, null, null, null, null);
    }

    private static DeadLetterFilter times(Instant since, Instant until) {
        return new DeadLetterFilter(null, null, null, null, null, since, until, null);
    }

    private static DeadLetterFilter letters(Coordinates... letters) {
        return new DeadLetterFilter(null, null, null, null, null, null, null, List.of(letters));
    }
}
