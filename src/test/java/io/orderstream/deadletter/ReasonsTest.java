package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;

class ReasonsTest {

    private static final String ALPHABET = "abcXYZ0123456789  \t\n.,:;/-_+()[]<>'\"\u00e9\u0665\u0301\u001c\u00a0\ud83d\ude00n";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "order abc-123 failed | order <id> failed",
            "order def-456 failed | order <id> failed",
            "attempt 2 of 3 | attempt <n> of <n>", "took 12.5 seconds. | took <n> seconds.", "at 10:30:05 | at <n>",
            "price -1,234.50 is negative | price <n> is negative", "price 7 is negative | price <n> is negative",
            "values [1,2,3] | values [<n>]",
            "no number at all: it is - so to say - empty | no number at all: it is - so to say - empty",
            "bei Gr\u00f6\u00dfe5-\u00e4 | bei <id>", "id 7f3e2a90-1c4d-4b8e-9d21-00ab45cd67ef, again | id <id>, again",
            "in 1.5e-3 s | in <n> s", "order <id> failed | order <id> failed" })
    void shouldFoldNumbersAndIdsAway(String reason, String folded) {
        assertThat(Reasons.fold(reason)).isEqualTo(folded);
    }

    @Test
    void shouldTakeEveryBlankForOneSpace() {
        assertThat(Reasons.fold("  a\n\tb\u00a0 c ")).isEqualTo("a b c");
        assertThat(Reasons.fold("")).isEmpty();
    }

    @Test
    void shouldChangeNothingWhenFoldedAgainAndLeaveNoDigit() {
        for (int seed = 0; seed < 5_000; seed++) {
            // Given
            String reason = random(new Random(seed));

            // When
            String folded = Reasons.fold(reason);

            // Then
            assertThat(Reasons.fold(folded)).as("seed %d: %s", seed, reason).isEqualTo(folded);
            assertThat(folded.chars().noneMatch(Character::isDigit)).as("seed %d: %s", seed, folded).isTrue();
            assertThat(folded.length()).as("seed %d", seed).isLessThanOrEqualTo(500);
        }
    }

    private static String random(Random random) {
        return random.ints(random.nextInt(1_500), 0, ALPHABET.length()).mapToObj(ALPHABET::charAt).map(String::valueOf)
                .collect(Collectors.joining());
    }

    @TimedTest
    void shouldFoldAReasonOfAMegabyteAtOnce() {
        // Given
        String words = "a-".repeat(500_000);
        String numbers = "1 ".repeat(500_000);

        long begin = System.nanoTime();

        // Then
        assertThat(Reasons.fold(words)).hasSize(500);
        assertThat(Reasons.fold(numbers)).startsWith("<n> <n>").hasSizeBetween(490, 500);
        TooLate.check("to fold two of them", Duration.ofNanos(System.nanoTime() - begin), Duration.ofSeconds(2));
    }

    @Test
    void shouldNameAGroupByKindAndReasonTheSameEverywhere() {
        // The name is stored with redrive jobs and in people's notes: it must never change.
        assertThat(Reasons.groupId("poison", "order <id> failed")).isEqualTo("6ae149e3").hasSize(8);
        assertThat(Reasons.groupId("exhausted", "order <id> failed")).isNotEqualTo("6ae149e3");
        assertThat(Reasons.groupId("poison", "order <id>")).isNotEqualTo("6ae149e3");
    }
}
