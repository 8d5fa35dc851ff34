package io.orderstream.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class ConsoleRateTest {

    private static final int MOST = ConsoleRate.MOST_LINES;

    private final ConsoleRate rate = new ConsoleRate();

    @Test
    void shouldShowEachRecordAsLongAsThatCanBeRead() {
        for (int second = 0; second < 3; second++) {
            assertThat(shown(MOST)).isEqualTo(MOST);
            assertThat(rate.summary()).isNull();
        }
    }

    @Test
    void shouldSumUpWhatIsTooMuchAndShowEachAgainWhenItIsNot() {
        // When
        int first = shown(1_234);
        rate.shows(Lines.retry("id", 2));
        rate.shows(Lines.deadLetter("id", "poison", "no"));

        // Then
        assertThat(first).isEqualTo(MOST);
        assertThat(rate.summary())
                .matches("1.234 processed, 1 retry, 1 dead letter; average 479.56 count 17");
        assertThat(shown(40)).as("still too much").isZero();
        assertThat(rate.summary()).startsWith("40 processed; average");
        assertThat(shown(2)).as("it is not known yet that it is not").isZero();
        assertThat(rate.summary()).startsWith("2 processed; average");
        assertThat(shown(2)).isEqualTo(2);
        assertThat(rate.summary()).isNull();
        assertThat(rate.summary()).isNull();
    }

    private int shown(int lines) {
        return (int) IntStream.range(0, lines).filter(i -> rate.shows(Lines.processed("id", 1))).count();
    }
}
