package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.LetterFilter.Coordinates;

class LetterFilterTest {

    private static final Letter LETTER = Letter.of(Letters.of(5, 17).record());
    private static final byte[] KEY = Letters.bytes("a-key");

    @Test
    void shouldSelectAllByDefault() {
        assertThat(LetterFilter.ALL.matches(LETTER, KEY)).isTrue();
        assertThat(LetterFilter.ALL.matches(Letter.of(Letters.bare(1).record()), null)).isTrue();
        assertThat(new LetterFilter(null, null, null, null, null, null, null, List.of()).matches(LETTER, KEY)).isTrue();
    }

    @Test
    void shouldSelectByTheTopicOfTheLetterOrOfItsOrigin() {
        assertThat(topic("orders-dlq").matches(LETTER, KEY)).isTrue();
        assertThat(topic("orders").matches(LETTER, KEY)).isTrue();
        assertThat(topic("payments").matches(LETTER, KEY)).isFalse();
        assertThat(topic("orders").matches(Letter.of(Letters.bare(1).record()), KEY)).isFalse();
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
        LetterFilter filter = new LetterFilter(null, null, null, null, "a-key", null, null, null);
        assertThat(filter.matches(LETTER, KEY)).isTrue();
        assertThat(filter.matches(LETTER, Letters.bytes("another"))).isFalse();
        assertThat(filter.matches(LETTER, null)).isFalse();
    }

    @Test
    void shouldSelectFromATimeOnAndUntilBeforeAnother() {
        assertThat(times(Letters.AT, null).matches(LETTER, KEY)).isTrue();
        assertThat(times(Letters.AT.plusMillis(1), null).matches(LETTER, KEY)).isFalse();
        assertThat(times(null, Letters.AT.plusMillis(1)).matches(LETTER, KEY)).isTrue();
        assertThat(times(null, Letters.AT).matches(LETTER, KEY)).isFalse();
    }

    @Test
    void shouldSelectSingleLetters() {
        assertThat(letters(new Coordinates("orders-dlq", 0, 4), new Coordinates("orders-dlq", 0, 5)).matches(LETTER, KEY))
                .isTrue();
        assertThat(letters(new Coordinates("orders-dlq", 1, 5)).matches(LETTER, KEY)).isFalse();
    }

    @Test
    void shouldSelectOnlyWhatHasEverythingAskedFor() {
        assertThat(new LetterFilter("orders", "poison", null, null, "a-key", null, null, null).matches(LETTER, KEY)).isTrue();
        assertThat(new LetterFilter("orders", "poison", null, null, "b-key", null, null, null).matches(LETTER, KEY)).isFalse();
    }

    private static LetterFilter topic(String topic) {
        return new LetterFilter(topic, null, null, null, null, null, null, null);
    }

    private static LetterFilter kind(String kind) {
        return new LetterFilter(null, kind, null, null, null, null, null, null);
    }

    private static LetterFilter reason(String reason) {
        return new LetterFilter(null, null, reason, null, null, null, null, null);
    }

    private static LetterFilter group(String group) {
        return new LetterFilter(null, null, null, group, null, null, null, null);
    }

    private static LetterFilter times(Instant since, Instant until) {
        return new LetterFilter(null, null, null, null, null, since, until, null);
    }

    private static LetterFilter letters(Coordinates... letters) {
        return new LetterFilter(null, null, null, null, null, null, null, List.of(letters));
    }
}
