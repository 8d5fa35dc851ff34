package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionTimeoutException;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.outage.OutageCause;
import io.orderstream.pipeline.SimulatedFaults.Fault;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.OrderLedger;
import io.orderstream.testsupport.OrderLedger.Entry;
import io.orderstream.totals.Totals;

/**
 * One scene on a stage that others have been played on: begins when all is done that was there before, and counts only what
 * comes from then on.
 */
final class Scene implements AutoCloseable {

    private static final int PER_SECOND = 200;
    private static final Duration LEAD = Duration.ofSeconds(1);
    /** The orders go on for a while when all is well again. */
    private static final Duration TAIL = Duration.ofSeconds(1);
    private static final Duration QUICK_POLL = Duration.ofMillis(50);
    private static final Fault POISON = new Fault(Kind.POISON, 0);

    private final OutageStage stage;
    private final OrderApp api;
    private final Map<Integer, Long> firstOffsets;
    private final Map<Integer, Long> firstLetters;
    private final Totals totalsBefore;
    private final int callsBefore;
    private final int linesBefore;
    private final HealthWatch health;

    Scene(OutageStage stage) {
        this.stage = stage;
        this.api = stage.app().api();
        firstOffsets = stage.topics().ends(stage.topic());
        awaitCommits(firstOffsets);
        assertThat(stage.committed().values().stream().mapToLong(offset -> offset).sum()).as("orders done before the scene")
                .isEqualTo(firstOffsets.values().stream().mapToLong(end -> end).sum());
        awaitQuietly(() -> outages().isEmpty());
        assertThat(outages()).as("outages before the scene").isEmpty();
        firstLetters = stage.topics().ends(stage.dlqTopic());
        totalsBefore = groupTotals();
        callsBefore = stage.endpoint().calls().size();
        linesBefore = lines().size();
        health = new HealthWatch(stage.app().managementUrl());
    }

    private List<String> lines() {
        return stage.app().process().lines();
    }

    private List<String> linesOfScene() {
        List<String> lines = lines();
        return lines.subList(linesBefore, lines.size());
    }

    /** How many orders are written while a trouble lasts, and before and after it. */
    static int orders(Trouble trouble) {
        return (int) LEAD.plus(trouble.duration()).plus(TAIL).toSeconds() * PER_SECOND;
    }

    /** How many of these are surely not all written when it begins, but soon after that. */
    static int lead() {
        return (int) LEAD.multipliedBy(2).toSeconds() * PER_SECOND;
    }

    /** Plays a trouble while orders are written. It lasts as long as it is to, and until it shows. */
    OutageRun play(Trouble trouble, List<ProducerRecord<byte[], byte[]>> orders) {
        try (SteadyFeed feed = new SteadyFeed(stage.newClient(), orders, PER_SECOND)) {
            awaitSince(System.nanoTime(), LEAD);
            long away = System.nanoTime();
            trouble.begin().run();
            boolean isShown = isShown(trouble);
            awaitSince(away, trouble.duration());
            Outage outage = new Outage(away, System.nanoTime());
            trouble.end().run();
            long back = System.nanoTime();
            feed.awaitEnd(PATIENCE);
            OutageRun run = gather(outage, back, isShown);
            run.print(trouble.scenario());
            return run;
        }
    }

    /** Lets the application stand still for a while in which orders are written. */
    OutageRun standStill(Duration duration, List<ProducerRecord<byte[], byte[]>> orders) {
        try (SteadyFeed feed = new SteadyFeed(stage.newClient(), orders, PER_SECOND)) {
            awaitSince(System.nanoTime(), LEAD);
            long begin = System.nanoTime();
            stage.app().process().standStill();
            awaitSince(begin, duration);
            stage.app().process().goOn();
            long back = System.nanoTime();
            feed.awaitEnd(PATIENCE);
            OutageRun run = gather(new Outage(begin, back), back, false);
            run.print("standstill");
            return run;
        }
    }

    /** Writes orders as fast as possible, and tells from when to when the application was busy with them. */
    Outage rush(List<ProducerRecord<byte[], byte[]>> orders) {
        long before = api.finished();
        long begin = System.nanoTime();
        stage.topics().send(orders);
        awaitQuietly(() -> api.finished() == before + orders.size());
        return new Outage(begin, System.nanoTime());
    }

    private static void awaitSince(long nanos, Duration duration) {
        await().atMost(PATIENCE).until(() -> System.nanoTime() - nanos >= duration.toNanos());
    }

    private boolean isShown(Trouble trouble) {
        return awaitQuietly(() -> outages().contains("orders " + trouble.cause().label())
                && (trouble.cause() != OutageCause.BROKER || !health.isReady()));
    }

    /** Whether it has come so. If not, which guarantee that breaks is told when they are held against the evidence. */
    private static boolean awaitQuietly(Callable<Boolean> condition) {
        try {
            await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(QUICK_POLL).until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private List<String> outages() {
        return StreamSupport.stream(api.stats().get("outages").spliterator(), false)
                .map(outage -> outage.get("pipeline").asText() + " " + outage.get("cause").asText()).toList();
    }

    /**
     * Waits until the application has done all there is, and gathers the evidence.
     *
     * @param away when something was away
     * @param backNanos when it could be used again, by {@link System#nanoTime()}
     * @param isShown whether the application has shown it
     */
    OutageRun gather(Outage away, long backNanos, boolean isShown) {
        Truth truth = new Truth(OrderLedger.of(stage.topics(), stage.topic(), 0).entries().stream()
                .filter(order -> order.offset() >= firstOffsets.get(order.partition())).map(Scene::withItsFault)
                .map(order -> OrderWorkload.expected(stage.topic(), order)).toList());
        Map<Integer, Long> ends = stage.topics().ends(stage.topic());
        awaitCommits(ends);
        GroupCount count = new GroupCount(minus(groupTotals(), totalsBefore), Map.of());
        Duration catchUp = Duration.ofNanos(System.nanoTime() - backNanos);
        // Each of these tells of the end in its own time, and how long the orders took is known by now.
        awaitQuietly(() -> outages().isEmpty() && health.isReady()
                && LoggedOutage.in(linesOfScene()).stream().allMatch(LoggedOutage::hasEnded));
        List<EndpointCall> calls = stage.endpoint().calls();
        calls = calls.subList(callsBefore, calls.size());
        HandlerCalls last = new HandlerCalls();
        calls.stream().filter(EndpointCall::isLast).forEach(call -> last.add(new HandlerCall(call.record(), 1)));
        Evidence evidence = new Evidence(truth, DeadLetter.read(stage.topics(), stage.dlqTopic(), firstLetters),
                count, stage.committed(), ends, List.of(), stage.apps(), last, List.of(away),
                health.samples());
        return new OutageRun(evidence, away, isShown, outages(), catchUp, calls, linesOfScene());
    }

    private static Entry withItsFault(Entry order) {
        return order.id().startsWith(Endpoint.POISON)
                ? new Entry(order.id(), order.partition(), order.offset(), order.cents(), POISON)
                : order;
    }

    private void awaitCommits(Map<Integer, Long> ends) {
        awaitQuietly(() -> ends.entrySet().stream().allMatch(
                end -> stage.committed().getOrDefault(end.getKey(), 0L).equals(end.getValue())));
    }

    private Totals groupTotals() {
        JsonNode group = await().atMost(PATIENCE).until(() -> api.stats().get("group"),
                totals -> Objects.nonNull(totals) && !totals.isNull());
        return new OrderWorkload().counted(group).totals();
    }

    private static Totals minus(Totals after, Totals before) {
        return new Totals(after.received() - before.received(), after.processed() - before.processed(),
                after.deadLettered() - before.deadLettered(), after.amount() - before.amount());
    }

    @Override
    public void close() {
        health.close();
    }
}
