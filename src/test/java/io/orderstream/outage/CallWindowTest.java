package io.orderstream.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.Test;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.mutiny.Uni;

class CallWindowTest {

    private static final int SEEDS = 500;
    private static final int CALLS = 2_000;
    private static final TrialOutages SETTINGS = new TrialOutages();

    @Test
    void shouldLetACircuitBreakerJudgeAsIfItHadHeardOfEveryCall() {
        int opened = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            // Given
            Random random = new Random(seed);
            TrialCircuit hearsAll = new TrialCircuit(SETTINGS);
            TrialCircuit hearsWhatMatters = new TrialCircuit(SETTINGS);
            CallWindow window = new CallWindow(hearsWhatMatters::call, SETTINGS.window());
            hearsWhatMatters.onStateChange(state -> {
                if (state == CircuitBreakerState.CLOSED) {
                    window.renew();
                }
            });
            double failing = random.nextDouble();

            for (int call = 0; call < CALLS; call++) {
                // When
                if (random.nextInt(100) == 0) {
                    failing = Math.pow(random.nextDouble(), 3);
                }
                Throwable failure = random.nextDouble() < failing ? new IllegalStateException("down") : null;
                hearsAll.call(failure == null ? Uni.createFrom().voidItem() : Uni.createFrom().failure(failure));
                if (failure != null || !window.isFullOfSuccesses()) {
                    window.tell(failure);
                }

                // Then
                assertThat(hearsWhatMatters.isOpen()).as("seed %d call %d", seed, call).isEqualTo(hearsAll.isOpen());
                opened += hearsAll.isOpen() ? 1 : 0;
            }
        }
        assertThat(opened).as("calls while open").isGreaterThan(SEEDS);
    }

    @Test
    void shouldTellNoSuccessTheCircuitBreakerCanDoWithout() {
        // Given
        TrialCircuit circuit = new TrialCircuit(SETTINGS);
        CallWindow window = new CallWindow(circuit::call, SETTINGS.window());

        // When
        for (int call = 0; call < CALLS && !window.isFullOfSuccesses(); call++) {
            window.tell(null);
        }

        // Then
        assertThat(circuit.told()).isEqualTo(SETTINGS.window());
    }
}
