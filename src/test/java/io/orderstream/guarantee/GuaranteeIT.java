package io.orderstream.guarantee;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.orderstream.testsupport.TimedTest;

/**
 * What is promised holds while things go wrong. Each scenario prints one line; {@code -Dguarantee.seed=} with the seed of that
 * line makes the same records and the same decisions again, {@code -Dguarantee.form=long} plays for longer, and every
 * scenario for every pipeline.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class GuaranteeIT {

    private static final Duration OUTAGE = Duration.ofSeconds(20);
    private static final int QUICK = 1_000;
    private static final Workload ORDERS = new OrderWorkload();
    private static final Workload EVENTS = new EventWorkload();
    private static final Workload ITEM_ORDERS = new ItemOrderWorkload();
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

    /** Each with its name. */
    private static Stream<Named<Workload>> named(Workload... workloads) {
        return Stream.of(workloads).map(workload -> Named.of(workload.pipeline(), workload));
    }

    /** What the pipelines have in common is played for one of them, unless it is for long. */
    Stream<Named<Workload>> ordersAndAtLengthAll() {
        return form != Form.LONG ? named(ORDERS) : named(ORDERS, EVENTS, ITEM_ORDERS);
    }

    static Stream<Named<Workload>> eventsAndItemOrders() {
        return named(EVENTS, ITEM_ORDERS);
    }

    @Test
    void shouldCountEveryOrderOnceWhenInstancesAreKilled() {
        assertThatRecordsAreCountedOnceWhenInstancesAreKilled(ORDERS);
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("eventsAndItemOrders")
    void shouldCountEveryRecordOnceWhenInstancesAreKilled(Workload workload) {
        assertThatRecordsAreCountedOnceWhenInstancesAreKilled(workload);
    }

    private void assertThatRecordsAreCountedOnceWhenInstancesAreKilled(Workload workload) {
        // Given
        // Short backoffs: what is finished is soon committed, so that a kill shows whether it really was finished.
        GuaranteeRun run = GuaranteeRun.of("kill", workload, form.records(), new Kills(form.kills()))
                .writtenAt(workload == ORDERS ? 500 : QUICK).with("RETRY_BACKOFF_SECONDS", "0.02");

        // When
        Evidence evidence = suite.play(run);

        // Then
        assertThatAllIsCounted(evidence, workload, new ExactDeadLetters(false));
    }

    @Tag("full")
    @Test
    void shouldCountEveryRecordOnceWhenInstancesAreKilledInTopicMode() {
        // Given
        GuaranteeRun run = GuaranteeRun.of("topic-kill", ORDERS, form.records(), new KillsAmongRetries(form.kills()))
                .with("RETRY_MODE", "topic")
                .with("RETRY_BACKOFF_SECONDS", "0.02");

        // When
        Evidence evidence = suite.play(run);

        // Then
        assertThatAllIsCounted(evidence, ORDERS, new ExactDeadLetters(false));
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("ordersAndAtLengthAll")
    void shouldCountEveryRecordOnceWhenInstancesComeAndGo(Workload workload) {
        // Given
        GuaranteeRun run = GuaranteeRun.of("rebalance", workload, form.records(), new JoinsAndLeaves(form.changes(), 3))
                .handledBy(3).writtenAt(400);

        // When
        Evidence evidence = suite.play(run);

        // Then
        assertThatAllIsCounted(evidence, workload, new ExactDeadLetters(false));
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("ordersAndAtLengthAll")
    void shouldGoOnByItselfWhenTheBrokerWasAway(Workload workload) {
        // Given
        GuaranteeRun run = GuaranteeRun.of("outage", workload, form.records(), new BrokerOutages(form.outages(), OUTAGE))
                .writtenAt(QUICK);

        // When
        Evidence evidence = suite.play(run);

        // Then
        assertThatAllIsCounted(evidence, workload, new ExactDeadLetters(false), new HealthFollowsTheBroker(),
                new NoRestart());
    }

    @Tag("full")
    @TimedTest
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
    void shouldHandleOnlyOrdersAgainThatWereInFlightWhenInstancesAreStopped() {
        assertThatOnlyWhatIsInFlightIsHandledAgain(ORDERS);
    }

    /** Their lanes are not their keys. */
    @Tag("full")
    @TimedTest
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
    void shouldHandleOnlyEventsAgainThatWereInFlightWhenInstancesAreStopped() {
        assertThatOnlyWhatIsInFlightIsHandledAgain(EVENTS);
    }

    @Tag("full")
    @TimedTest
    @EnabledIfSystemProperty(named = Form.SETTING, matches = "(?i)long", disabledReason = "played at length only")
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
    void shouldHandleOnlyItemOrdersAgainThatWereInFlightWhenInstancesAreStopped() {
        assertThatOnlyWhatIsInFlightIsHandledAgain(ITEM_ORDERS);
    }

    private void assertThatOnlyWhatIsInFlightIsHandledAgain(Workload workload) {
        // Given
        GracefulStops stops = new GracefulStops(form.stops());
        GuaranteeRun run = GuaranteeRun.of("stop", workload, form.records(), stops).writtenAt(QUICK)
                .with("RETRY_BACKOFF_SECONDS", "0.5");

        // When
        Evidence evidence = suite.play(run);

        // Then
        assertThatAllIsCounted(evidence, workload, new ExactDeadLetters(true), new FinishedStaysFinished(),
                new StoppedSoon(stops));
    }

    private static void assertThatAllIsCounted(Evidence evidence, Workload workload, ProcessingGuarantee... more) {
        Stream<ProcessingGuarantee> always = Stream.of(new ExactTotals(), new CommittedToTheEnd(), new NothingLeftOut());
        evidence.assertThatHold(Stream.of(always, workload.guarantees().stream(), Stream.of(more))
                .flatMap(guarantees -> guarantees).toArray(ProcessingGuarantee[]::new));
    }
}
