package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Set;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

class LetterSummaryTest {

    private static final RedrivenLetters SENT = letter -> letter.offset() == 2;
    private static final Function<Letter, LetterStatus> STATUS = letter -> LetterStatus.of(letter, 3, SENT);

    private final LetterIndex index = new LetterIndex(4, Clock.systemUTC());

    @Test
    void shouldTellWhatHasBecomeOfALetter() {
        assertThat(STATUS.apply(Letter.of(Letters.of(1, 17).record()))).isEqualTo(LetterStatus.OPEN);
        assertThat(STATUS.apply(Letter.of(Letters.of(2, 17).record()))).isEqualTo(LetterStatus.REDRIVEN);
        assertThat(STATUS.apply(Letter.of(Letters.of(2, 17).redriven(2, "orders-3-1").record())))
                .isEqualTo(LetterStatus.REDRIVEN);
        assertThat(STATUS.apply(Letter.of(Letters.of(2, 17).redriven(3, "orders-3-1").record())))
                .isEqualTo(LetterStatus.PARKED);
        assertThat(Set.of(LetterStatus.values())).extracting(LetterStatus::label).containsExactlyInAnyOrder("open", "redriven",
                "parked");
    }

    @Test
    void shouldCountTheStatusesOfEachGroupAndShowTheLargestFirst() {
        // Given
        index.add(Letters.of(1, 1).with(DeadLetterHeaders.REASON, "rare").at(Letters.AT.plusSeconds(9)).record());
        index.add(Letters.of(2, 2).at(Letters.AT.plusSeconds(2)).record());
        index.add(Letters.of(3, 3).at(Letters.AT.plusSeconds(3)).record());
        index.add(Letters.of(4, 4).redriven(3, "orders-0-1").at(Letters.AT.plusSeconds(1)).record());
        index.add(Letters.of(5, 5).at(Letters.AT).with(DeadLetterHeaders.REASON, "too old to be listed").record());

        // When
        LetterSummary summary = LetterSummary.of(index.snapshot(), true, STATUS);

        // Then
        assertThat(summary.groups()).extracting(group -> group.counts().reason()).containsExactly("order <id> failed", "rare",
                "too old to be listed");
        assertThat(summary.groups().get(0)).extracting(LetterSummary.Group::open, LetterSummary.Group::redriven,
                LetterSummary.Group::parked).containsExactly(1, 1, 1);
        assertThat(summary.groups().get(0).sample().letter().offset()).isEqualTo(3);
        assertThat(summary.groups().get(2).sample()).isNull();
        assertThat(summary).extracting(LetterSummary::complete, LetterSummary::letters, LetterSummary::originals)
                .containsExactly(true, 5L, 5);
    }
}
