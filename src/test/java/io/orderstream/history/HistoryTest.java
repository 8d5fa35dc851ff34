package io.orderstream.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.history.Step.Amount;

class HistoryTest {

    private static final List<ToLongFunction<Step>> COUNTS = List.of(Step::received, Step::processed, Step::retried,
            Step::deadLettered);

    private final History history = new History();
    private final Random random = new Random(17);
    private final List<Step> added = new ArrayList<>();

    /** The second that ends so many seconds after the start. */
    private void addSecond(int number) {
        Instant until = Instant.EPOCH.plusSeconds(number);
        List<Amount> amounts = random.ints(random.nextInt(5)).mapToObj(amount -> new Amount(until, amount)).toList();
        Step second = new Step(until, random.nextInt(1_000), random.nextInt(1_000), random.nextInt(1_000),
                random.nextInt(1_000),
                BigDecimal.valueOf(number), random.nextInt(100), random.nextInt(100), amounts);
        added.add(second);
        history.add(second);
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 719, 720, 721, 722, 1_440, 1_441, 1_442, 86_400, 200_000 })
    void shouldKeepTheSumsExactHoweverLongItRuns(int seconds) {
        // When
        for (int number = 1; number <= seconds; number++) {
            addSecond(number);
        }

        // Then
        History.Steps all = history.all();
        assertThat(all.steps()).hasSizeLessThanOrEqualTo(History.MOST_STEPS);
        COUNTS.forEach(count -> assertThat(all.steps().stream().mapToLong(count).sum())
                .isEqualTo(added.stream().mapToLong(count).sum()));
        // Each step ends where so many seconds have ended, and the last one now
        for (int i = 0; i < all.steps().size(); i++) {
            Step step = all.steps().get(i);
            int end = Math.min((i + 1) * all.stepSeconds(), seconds);
            assertThat(step.until()).isEqualTo(Instant.EPOCH.plusSeconds(end));
            assertThat(step.average()).isEqualByComparingTo(BigDecimal.valueOf(end));
            assertThat(step.inWork()).isEqualTo(added.get(end - 1).inWork());
            assertThat(step.waiting()).isEqualTo(added.get(end - 1).waiting());
            assertThat(step.amounts()).hasSizeLessThanOrEqualTo(Step.MOST_AMOUNTS);
            assertThat(step.amounts())
                    .isSubsetOf(
                            added.subList(i * all.stepSeconds(), end).stream().flatMap(one -> one.amounts().stream()).toList());
        }
    }

    @Test
    void shouldUseSoManyStepsThatAChartOfThemIsFine() {
        // When
        for (int number = 1; number <= 86_400; number++) {
            addSecond(number);
        }

        // Then
        assertThat(history.all().steps()).hasSizeGreaterThan(History.MOST_STEPS / 2);
        assertThat(history.all().stepSeconds()).isEqualTo(128);
    }

    @Test
    void shouldKeepTheLastQuarterOfAnHourSecondBySecond() {
        // When
        for (int number = 1; number <= 2_000; number++) {
            addSecond(number);
        }

        // Then
        assertThat(history.last(History.RECENT).stepSeconds()).isEqualTo(1);
        assertThat(history.last(History.RECENT).steps()).isEqualTo(added.subList(1_100, 2_000));
        assertThat(history.last(Duration.ofMinutes(1)).steps()).isEqualTo(added.subList(1_940, 2_000));
        assertThat(history.last(Duration.ofDays(1)).steps()).hasSize(900);
    }

    @Test
    void shouldGiveWhatThereIsWhileThatIsLess() {
        // Given
        addSecond(1);

        // Then
        assertThat(history.last(Duration.ofMinutes(1)).steps()).isEqualTo(added);
        assertThat(history.all()).isEqualTo(new History.Steps(1, added));
    }
}
