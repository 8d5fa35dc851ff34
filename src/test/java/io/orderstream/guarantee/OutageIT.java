package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.outage.OutageCause;
import io.orderstream.testsupport.FulfilmentServer.Reply;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;

/**
 * An outage is not a failure of the data: while the endpoint, the registry or the broker is away, the application waits and
 * says so, and then goes on by itself. One application and one broker for all scenes; each prints one line.
 */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OutageIT {

    private static final long SEED = Long.getLong("guarantee.seed", System.nanoTime());
    /** A naive consumer would count its retries against an order, and dead-letter it after 7 seconds. */
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    /** Twice the default SESSION_TIMEOUT and more: the broker gives the partitions away. */
    private static final Duration LONGER_THAN_THE_SESSION = Duration.ofSeconds(22);
    private static final Duration STANDSTILL = Duration.ofSeconds(16);
    private static final int STANDSTILL_ORDERS = 600;
    private static final Duration SLOW = Duration.ofSeconds(10);
    private static final int MOST_TIMES_SLOWER = 3;
    /** The quicker one counts: other tests come and go beside this one. */
    private static final int STORMS = 2;

    private final Form form = Form.chosen();
    private final Duration callTimeout = Duration.ofSeconds(form == Form.LONG ? 5 : 2);
    private OutageStage stage;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        stage = new OutageStage(directory, callTimeout, form.dependencyAway().multipliedBy(7).dividedBy(8), SEED);
    }

    @AfterAll
    void end() {
        if (stage != null) {
            stage.close();
        }
    }

    @TimedTest
    void shouldWaitWhileTheDependencyIsStopped() {
        // When
        OutageRun run = play(Trouble.ofDependency("stopped", form.dependencyAway(), stage.endpoint()::stop,
                stage.endpoint()::start));

        // Then
        assertThatDependencyIsWaitedFor(run, SOON, true, OnlyProbes.ofGrowingDelay(run));
    }

    @TimedTest
    void shouldLoseNothingWhenHalfOfTheCallsAreRefused() {
        // Given
        AtomicInteger calls = new AtomicInteger();

        // When
        OutageRun run = play(answering("half-503", () -> Reply.of(calls.incrementAndGet() % 2 == 0 ? 503 : 200)));

        // Then
        assertThatDependencyIsWaitedFor(run, SOON, false, OnlyProbes.ofGrowingDelay(run));
        assertThat(run.evidence().calls().repeated()).as("orders taken again").isZero();
    }

    @TimedTest
    void shouldLeaveTheDependencyAloneForAsLongAsItAsks() {
        // When
        OutageRun run = play(answering("retry-after",
                () -> Reply.of(429).with("Retry-After", Long.toString(RETRY_AFTER.toSeconds()))));

        // Then
        assertThatDependencyIsWaitedFor(run, SOON, true, OnlyProbes.withDelay(run, RETRY_AFTER));
        assertThat(run.evidence().calls().repeated()).as("orders taken again").isZero();
    }

    @TimedTest
    void shouldWaitWhileTheDependencyAnswersTooLate() {
        // When
        OutageRun run = play(answering("slow", () -> Reply.of(200).after(SLOW)));

        // Then
        assertThatDependencyIsWaitedFor(run, callTimeout.plus(SOON), true, OnlyProbes.ofGrowingDelay(run));
    }

    @TimedTest
    void shouldWaitWhileTheRegistryIsAway() {
        // Given
        Trouble trouble = new Trouble("registry", OutageCause.REGISTRY, form.platformAway(), stage.registry()::stop,
                stage.registry()::start);
        int number = Scene.orders(trouble);
        List<ProducerRecord<byte[], byte[]>> orders = new ArrayList<>(stage.orders(Scene.lead()));
        orders.addAll(stage.ordersOfNewSchema(number - orders.size()));

        // When
        OutageRun run = play(trouble, orders);

        // Then
        assertThatNothingIsLost(run, new HealthStaysUp(true), new PartitionsKept(run.lines()),
                new ToldAsOutage(run, OutageCause.REGISTRY, SOON, true));
    }

    @TimedTest
    void shouldWaitWhileTheBrokerIsAway() {
        // When
        OutageRun run = play(new Trouble("broker", OutageCause.BROKER, form.platformAway(), () -> stage.broker().stop(false),
                stage.broker()::start));

        // Then
        assertThatNothingIsLost(run, new HealthStaysUp(false), new HealthFollowsTheBroker(),
                new ToldAsOutage(run, OutageCause.BROKER, SOON, true));
    }

    @TimedTest
    void shouldDoNothingTwiceWhenTheBrokerIsAwayForLongerThanTheSession() {
        // Given
        Trouble trouble = new Trouble("session", OutageCause.BROKER, LONGER_THAN_THE_SESSION, () -> stage.broker().standStill(),
                () -> {
                    stage.broker().goOn();
                    // A broker that goes on may hear a heartbeat before it notices that it has heard none for a session.
                    stage.removeFromGroup();
                });

        // When
        OutageRun run = play(trouble, stage.ordersWith(Endpoint.POISON + "session-", Scene.orders(trouble)));

        // Then
        run.evidence().assertThatHold(new ExactTotals(), new CommittedToTheEnd(), new NothingLeftOut(),
                new ExactDeadLetters(true), new KeyOrderKept(run.calls()), new NoRestart());
        assertThat(run.evidence().calls().repeated()).as("orders taken again").isZero();
        assertThat(run.lines()).as("partitions were lost").anyMatch(line -> line.contains("partition goes on where it stood"));
    }

    @TimedTest
    void shouldNotTakeItsOwnStandstillForAnOutage() {
        // Given: there are always calls under way, each of which would be answered in time
        stage.endpoint().answers(() -> Reply.of(200).after(callTimeout.dividedBy(2)));
        try (Scene scene = new Scene(stage)) {
            // When
            OutageRun run = scene.standStill(STANDSTILL, stage.orders(STANDSTILL_ORDERS));

            // Then
            run.evidence().assertThatHold(new ExactTotals(), new CommittedToTheEnd(), new NoDeadLetters(),
                    new NoOutageTold(run), new NoRestart());
            assertThat(run.lines()).anyMatch(line -> line.contains("stood still"));
        } finally {
            stage.endpoint().answers(Endpoint.TAKES);
        }
    }

    @TimedTest
    void shouldNotTakeAStormOfPoisonForAnOutage() {
        try (Scene scene = new Scene(stage)) {
            // When
            List<Outage> calms = new ArrayList<>();
            List<Outage> storms = new ArrayList<>();
            long begin = System.nanoTime();
            for (int round = 0; round < STORMS; round++) {
                calms.add(scene.rush(stage.ordersWith("good-" + round + "-", form.storm())));
                storms.add(scene.rush(stage.ordersWith(Endpoint.POISON + round + "-", form.storm())));
            }
            long end = System.nanoTime();
            Duration calm = quicker(calms).duration();
            Outage storm = quicker(storms);

            // Then
            OutageRun run = scene.gather(new Outage(begin, end), end, false);
            run.print("poison-storm");
            System.out.printf("outage: scenario=poison-storm orders=%d calmSeconds=%.2f stormSeconds=%.2f%n", form.storm(),
                    calm.toMillis() / 1e3, storm.duration().toMillis() / 1e3);
            run.evidence().assertThatHold(new ExactTotals(), new CommittedToTheEnd(), new NothingLeftOut(),
                    new ExactDeadLetters(true), new KeyOrderKept(run.calls()), new NoOutageTold(run), new NoRestart(),
                    new HealthStaysUp(true), new PartitionsKept(run.lines()), new CaughtUp(run));
            TooLate.check("as many orders as took " + calm + " without poison", storm.begin(), storm.end(),
                    calm.multipliedBy(MOST_TIMES_SLOWER));
        }
    }

    private static Outage quicker(List<Outage> times) {
        return Collections.min(times, Comparator.comparing(Outage::duration));
    }

    private Trouble answering(String scenario, Supplier<Reply> answers) {
        return Trouble.ofDependency(scenario, form.dependencyAway(), () -> stage.endpoint().answers(answers),
                () -> stage.endpoint().answers(Endpoint.TAKES));
    }

    private OutageRun play(Trouble trouble) {
        return play(trouble, stage.orders(Scene.orders(trouble)));
    }

    private OutageRun play(Trouble trouble, List<ProducerRecord<byte[], byte[]>> orders) {
        try (Scene scene = new Scene(stage)) {
            return scene.play(trouble, orders);
        }
    }

    private static void assertThatDependencyIsWaitedFor(OutageRun run, Duration noticedWithin, boolean isUnbroken,
            OnlyProbes probes) {
        assertThatNothingIsLost(run, new HealthStaysUp(true), new PartitionsKept(run.lines()),
                new ToldAsOutage(run, OutageCause.DEPENDENCY, noticedWithin, isUnbroken), probes);
    }

    private static void assertThatNothingIsLost(OutageRun run, ProcessingGuarantee... more) {
        List<ProcessingGuarantee> guarantees = new ArrayList<>(List.of(new ExactTotals(), new CommittedToTheEnd(),
                new NothingLeftOut(), new NoDeadLetters(), new KeyOrderKept(run.calls()), new CaughtUp(run),
                new NoRestart()));
        guarantees.addAll(List.of(more));
        run.evidence().assertThatHold(guarantees.toArray(ProcessingGuarantee[]::new));
    }
}
