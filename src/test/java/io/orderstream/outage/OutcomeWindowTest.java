package io.orderstream.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

class OutcomeWindowTest {

    private static final int SEEDS = 500;
    private static final int CALLS = 2_000;

    @Test
    void shouldJudgeByTheLastOutcomesAndSayWhenASuccessChangesNothing() {
        int opened = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            // Given
            Random random = new Random(seed);
            int length = 1 + random.nextInt(30);
            double ratio = (1 + random.nextInt(100)) / 100.0;
            OutcomeWindow window = new OutcomeWindow(length, ratio);
            List<Boolean> model = new ArrayList<>();
            double failing = random.nextDouble();

            for (int call = 0; call < CALLS; call++) {
                // When
                if (random.nextInt(100) == 0) {
                    failing = Math.pow(random.nextDouble(), 3);
                }
                boolean isFailure = random.nextDouble() < failing;
                boolean isNoticed = isFailure || !window.isFullOfSuccesses();
                boolean isTooMuch = isNoticed && window.add(isFailure);
                model.add(isFailure);

                // Then
                assertThat(isTooMuch).as("seed %d call %d", seed, call).isEqualTo(isTooMuch(model, length, ratio));
                if (isTooMuch) {
                    window.clear();
                    model.clear();
                    opened++;
                }
            }
        }
        assertThat(opened).isGreaterThan(SEEDS);
    }

    private static boolean isTooMuch(List<Boolean> outcomes, int length, double ratio) {
        if (outcomes.size() < length) {
            return false;
        }
        long failures = outcomes.subList(outcomes.size() - length, outcomes.size()).stream().filter(failed -> failed).count();
        return failures > 0 && failures >= ratio * length;
    }

    @Test
    void shouldNeedNoMoreSuccessesThanItHolds() {
        // Given
        OutcomeWindow window = new OutcomeWindow(20, 0.5);
        int added = 0;

        // When
        while (!window.isFullOfSuccesses()) {
            window.add(false);
            added++;
        }

        // Then
        assertThat(added).isEqualTo(20);
    }
}
