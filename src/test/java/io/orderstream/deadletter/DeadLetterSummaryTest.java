package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;

class DeadLetterSummaryTest {

    private static final Predicate<DeadLetter> SENT = letter -> letter.offset() == 2;
    private static final Function<DeadLetter, DeadLetterStatus> STATUS = letter -> DeadLetterStatus.of(letter, 3, SENT);

    private final DeadLetterIndex index = new DeadLetterIndex(4, Clock.systemUTC());

    @Test
    void shouldTellWhatHasBecomeOfALetter() {
        assertThat(STATUS.apply(DeadLetter.of(LetterBuilder.of(1, 17).record()))).isEqualTo(DeadLetterStatus.OPEN);
        assertThat(STATUS.apply(DeadLetter.of(LetterBuilder.of(2, 17).record()))).isEqualTo(DeadLetterStatus.REDRIVEN);
        assertThat(STATUS.apply(DeadLetter.of(LetterBuilder.of(2, 17).redriven(2, "orders-3-1").record())))
                .isEqualTo(DeadLetterStatus.REDRIVEN);
        assertThat(STATUS.apply(DeadLetter.of(LetterBuilder.of(2, 17).redriven(3, "orders-3-1").record())))
                .isEqualTo(DeadLetterStatus.PARKED);
        assertThat(Set.of(DeadLetterStatus.values())).extracting(DeadLetterStatus::label).containsExactlyInAnyOrder("open",
                "redriven",
                "parked");
    }

    @Test
    void shouldCountTheStatusesOfEachGroupAndShowTheLargestFirst() {
        // Given
        index.add(LetterBuilder.of(1, 1).with(DeadLetterHeaders.REASON, "rare").at(LetterBuilder.AT.plusSeconds(9)).record());
        index.add(LetterBuilder.of(2, 2).at(LetterBuilder.AT.plusSeconds(2)).record());
        index.add(LetterBuilder.of(3, 3).at(LetterBuilder.AT.plusSeconds(3)).record());
        index.add(LetterBuilder.of(4, 4).redriven(3, "orders-0-1").at(LetterBuilder.AT.plusSeconds(1)).record());
        index.add(LetterBuilder.of(5, 5).at(LetterBuilder.AT).with(DeadLetterHeaders.REASON, "too old to be listed").record());

        // When
        DeadLetterSummary summary = DeadLetterSummary.of(index.snapshot(), true, STATUS);

        // Then
        assertThat(summary.groups()).extracting(group -> group.counts().reason()).containsExactly("order <id> failed", "rare",
                "too old to be listed");
        assertThat(summary.groups().get(0)).extracting(DeadLetterSummary.Group::open, DeadLetterSummary.Group::redriven,
                DeadLetterSummary.Group::parked).containsExactly(1, 1, 1);
        assertThat(summary.groups().get(0).sample().letter().offset()).isEqualTo(3);
        assertThat(summary.groups().get(2).sample()).isNull();
        assertThat(summary).extracting(DeadLetterSummary::complete, DeadLetterSummary::letters, DeadLetterSummary::originals)
                .containsExactly(true, 5L, 5);
    }
}
