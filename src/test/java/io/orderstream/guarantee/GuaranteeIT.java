package io.orderstream.guarantee;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is promised holds while things go wrong. Each scenario prints one line; {@code -Dguarantee.seed=} with the seed of that
 * line makes the same orders and the same decisions again, {@code -Dguarantee.form=long} plays for longer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class GuaranteeIT {

    private static final Duration OUTAGE = Duration.ofSeconds(20);
    private static final long SEED = Long.getLong("guarantee.seed", System.nanoTime());

    private final Form form = Form.chosen();
    private GuaranteeSuite suite;

    @BeforeAll
    void startBroker(@TempDir Path directory) throws IOException {
        suite = new GuaranteeSuite(directory, SEED);
    }

    @AfterAll
    void endAll() {
        if (suite != null) {
            suite.close();
        }
    }

    @Test
    void shouldCountEveryOrderOnceWhenInstancesAreKilled() {
        // Given
        // Short backoffs: what is finished is soon committed, so that a kill shows whether it really was finished.
        GuaranteeRun run = GuaranteeRun.of("kill", form.orders(), new Kills(form.kills()))
                .with("RETRY_BACKOFF_SECONDS", "0.02");

        // When
        Evidence evidence = suite.play(run);

        // Then
        evidence.assertThatHold(new ExactTotals(), new CommittedToTheEnd(), new NothingLeftOut(), new ExactDeadLetters(false));
    }

    @Test
    void shouldCountEveryOrderOnceWhenInstancesAreKilledInTopicMode() {
        // Given
        GuaranteeRun run = GuaranteeRun.of("topic-kill", form.orders(), new KillsAmongRetries(form.kills()))
                .with("RETRY_MODE", "topic")
                .with("RETRY_BACKOFF_SECONDS", "0.02");

        // When
        Evidence evidence = suite.play(run);

        // Then
        evidence.assertThatHold(new ExactTotals(), new CommittedToTheEnd(), new NothingLeftOut(), new ExactDeadLetters(false));
    }

    @Test
    void shouldCountEveryOrderOnceWhenInstancesComeAndGo() {
        // Given
        GuaranteeRun run = GuaranteeRun.of("rebalance", form.orders(), new JoinsAndLeaves(form.changes(), 3)).handledBy(3)
                .writtenAt(400);

        // When
        Evidence evidence = suite.play(run);

        // Then
        evidence.assertThatHold(new ExactTotals(), new CommittedToTheEnd(), new NothingLeftOut(), new ExactDeadLetters(false));
    }

    @Test
    void shouldGoOnByItselfWhenTheBrokerWasAway() {
        // Given
        GuaranteeRun run = GuaranteeRun.of("outage", form.orders(), new BrokerOutages(form.outages(), OUTAGE))
                .writtenAt(1_000);

        // When
        Evidence evidence = suite.play(run);

        // Then
        evidence.assertThatHold(new ExactTotals(), new CommittedToTheEnd(), new NothingLeftOut(), new ExactDeadLetters(false),
                new HealthFollowsTheBroker(), new NoRestart());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
    void shouldHandleOnlyAgainWhatWasInFlightWhenInstancesAreStopped() {
        // Given
        GuaranteeRun run = GuaranteeRun.of("stop", form.orders(), new GracefulStops(form.stops())).writtenAt(1_000)
                .with("RETRY_BACKOFF_SECONDS", "0.5");

        // When
        Evidence evidence = suite.play(run);

        // Then
        evidence.assertThatHold(new ExactTotals(), new CommittedToTheEnd(), new NothingLeftOut(), new ExactDeadLetters(true),
                new FinishedStaysFinished());
    }
}
