package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

/** What is taken for a leak by the soak test. */
class HoldingsTest {

    private static final Holdings FIRST = new Holdings(100_000_000, 100, 200, 100_000_000);

    @Test
    void shouldTakeOneFigureThatGrowsByATenthForALeak() {
        // Given
        List<Holdings> leaks = List.of(new Holdings(110_000_000, 100, 200, 100_000_000),
                new Holdings(100_000_000, 110, 200, 100_000_000), new Holdings(100_000_000, 100, 220, 100_000_000),
                new Holdings(100_000_000, 100, 200, 110_000_000));

        // When, Then
        assertThat(leaks).noneMatch(leak -> leak.isWithin(FIRST.limit()));
    }

    @Test
    void shouldLetPassWhatGrowsByATwentieth() {
        // When, Then
        assertThat(new Holdings(105_000_000, 105, 210, 105_000_000).isWithin(FIRST.limit())).isTrue();
        assertThat(FIRST.isWithin(FIRST.limit())).isTrue();
    }

    @Test
    void shouldJudgeEachFigureByItsLeastMoment() {
        // Given
        Holdings one = new Holdings(90_000_000, 150, 190, 12_000_000);
        Holdings other = new Holdings(120_000_000, 90, 250, 9_000_000);

        // When, Then
        assertThat(one.least(other)).isEqualTo(new Holdings(90_000_000, 90, 190, 9_000_000));
    }
}
