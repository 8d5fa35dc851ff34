package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.orderstream.commit.PartitionState;
import io.orderstream.outage.OutageCause;
import io.orderstream.outage.OutageSettings;
import io.orderstream.outage.TrialOutages;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.orderstream.record.RecordNotReadyException;
import io.orderstream.record.UnavailableException;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.orderstream.totals.Totals;
import io.smallrye.mutiny.Uni;

class PipelineOutageTest {

    private static final int RECORDS = 2_000;
    private static final int KEYS = 40;
    private static final TrialOutages AT_ONCE = new TrialOutages(2, 0.5, Duration.ofMillis(20), Duration.ofMillis(100));

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final AtomicBoolean isDown = new AtomicBoolean();
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Byte, Queue<Long>> succeeded = new ConcurrentHashMap<>();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private PipelineHarness harness(int maxInFlight, OutageSettings settings) {
        return new PipelineHarness(1, maxInFlight, this::handle, threads, settings);
    }

    /** Some answer at once, some later: as they were called, so that an answer may be of before the outage. */
    private Uni<Void> handle(Delivery<byte[]> order) {
        calls.incrementAndGet();
        Uni<Void> outcome = isDown.get() ? Uni.createFrom().failure(new IllegalStateException("down")) : success(order);
        return order.offset() % 3 == 0 ? outcome : Uni.createFrom().voidItem().emitOn(threads).chain(() -> outcome);
    }

    private Uni<Void> success(Delivery<byte[]> order) {
        byte key = ((InFlightRecord<byte[]>) order).record.key()[0];
        return Uni.createFrom().voidItem()
                .invoke(() -> succeeded.computeIfAbsent(key, k -> new ConcurrentLinkedQueue<>()).add(order.offset()));
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> PipelineHarness.record(0, i, new byte[] { (byte) (i % KEYS) }))
                .toList();
    }

    private static void awaitFinished(PipelineHarness harness, int records) {
        await().pollInterval(Duration.ofMillis(2)).atMost(PATIENCE).until(() -> finished(harness) == records);
    }

    private static long finished(PipelineHarness harness) {
        return harness.average.totals().processed() + harness.average.totals().deadLettered();
    }

    @Test
    void shouldLoseNoRecordAndKeepEachKeysOrderWhenTheDependencyComesAndGoes() {
        // Given
        Random random = new Random(1);
        try (PipelineHarness harness = harness(100, AT_ONCE)) {

            // When
            for (int first = 0; first < RECORDS; first += 50) {
                harness.poll(records(first, 50)).subscribeAsCompletionStage();
                if (random.nextInt(4) == 0) {
                    isDown.set(true);
                    await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE)
                            .until(() -> harness.breaker.isOpen() || harness.partitions().get(0).inWork() == 0);
                }
                isDown.set(false);
                int taken = first + 50;
                await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE)
                        .until(() -> harness.average.totals().received() == taken);
            }
            awaitFinished(harness, RECORDS);

            // Then
            assertThat(harness.deadLettered).isEmpty();
            assertThat(harness.average.totals()).isEqualTo(new Totals(RECORDS, RECORDS, 0, RECORDS));
            assertThat(harness.partitions()).extracting(PartitionState::watermark).containsExactly((long) RECORDS);
            assertThat(succeeded).hasSize(KEYS);
            assertThat(succeeded.values())
                    .allSatisfy(offsets -> assertThat(List.copyOf(offsets)).isSorted().doesNotHaveDuplicates());
            assertThat(harness.pipeline.lanes()).isZero();
            assertThat(harness.outages.total(OutageCause.DEPENDENCY)).isPositive();
        }
    }

    @Test
    void shouldMakeNoMoreCallsAfterAnOutageThanAtAnyTimeThoughMoreRecordsHaveWaited() {
        // Given
        int mostCalls = 2;
        AtomicInteger running = new AtomicInteger();
        AtomicInteger mostRunning = new AtomicInteger();
        Map<Long, CompletableFuture<Void>> held = new ConcurrentHashMap<>();
        CompletableFuture<Void> backoff = new CompletableFuture<>();
        try (PipelineHarness harness = new PipelineHarness(1, mostCalls, order -> {
            if (order.offset() < 2 && order.attempt() == 1) {
                return Uni.createFrom().failure(new RecordNotReadyException("no sign of an outage"));
            }
            mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
            CompletableFuture<Void> call = new CompletableFuture<>();
            held.put(order.offset(), call);
            return Uni.createFrom().completionStage(call).onTermination().invoke(running::decrementAndGet);
        }, threads, AT_ONCE)) {
            harness.backoff = backoff;
            harness.poll(records(0, 4)).subscribeAsCompletionStage();
            await().atMost(PATIENCE).until(() -> held.size() == 2);

            // When
            held.keySet().forEach(offset -> held.remove(offset).completeExceptionally(new IllegalStateException("down")));
            await().atMost(PATIENCE).until(harness.breaker::isOpen);
            backoff.complete(null);
            await().atMost(PATIENCE).until(() -> harness.activity().waiting() == 0);
            while (finished(harness) < 4) {
                await().atMost(PATIENCE).until(() -> !held.isEmpty() || finished(harness) == 4);
                harness.partitions();
                held.keySet().stream().findFirst().ifPresent(offset -> held.remove(offset).complete(null));
            }

            // Then
            assertThat(mostRunning).hasValue(mostCalls);
        }
    }

    @TimedTest
    void shouldTakeNoMoreRecordsInAnOutageThanItProbesWith() {
        // Given
        isDown.set(true);
        try (PipelineHarness harness = harness(RECORDS, AT_ONCE)) {
            AtomicInteger whenItBegan = new AtomicInteger();
            AtomicLong taken = new AtomicLong();
            harness.allOutages.onChange((outage, begins) -> {
                if (begins) {
                    whenItBegan.set(calls.get());
                    taken.set(harness.average.totals().received());
                }
            });

            // When
            harness.poll(records(0, RECORDS)).subscribeAsCompletionStage();
            await().atMost(PATIENCE).until(() -> harness.outages.total(OutageCause.DEPENDENCY).toMillis() > 500);

            // Then
            // A probe may be made meanwhile: its record is taken before it is called.
            int probesBefore = calls.get() - whenItBegan.get();
            long takenSince = harness.average.totals().received() - taken.get();
            int probes = calls.get() - whenItBegan.get();
            assertThat(probes).as("probes after 20, 30, 45, 67, 100, 100 ... ms")
                    .isLessThanOrEqualTo(5 + (int) harness.outages.total(OutageCause.DEPENDENCY).toMillis() / 100);
            assertThat(takenSince).as("for a probe")
                    .isBetween(probesBefore < 4 ? 0L : 1L, Math.max(1L, probes - 3L));
            assertThat(harness.deadLettered).isEmpty();
            isDown.set(false);
            awaitFinished(harness, RECORDS);
            assertThat(harness.average.totals().processed()).as("all are handled when it is over").isEqualTo(RECORDS);
            if (probes < 4) {
                throw new TooLate(probes + " probes in 0.5 s, and not 4 or more");
            }
        }
    }

    @Test
    void shouldProbeWithTheNextRecordWhenNoneIsLeft() {
        // Given
        isDown.set(true);
        TrialOutages noProbeSoFar = new TrialOutages(2, 0.5, Duration.ofMillis(500), Duration.ofMillis(500));
        try (PipelineHarness harness = new PipelineHarness(2, 10, this::handle, threads, noProbeSoFar)) {
            CompletableFuture<Void> first = harness.poll(records(0, 1)).subscribeAsCompletionStage();
            await().atMost(PATIENCE).until(harness.breaker::isOpen);

            // When
            harness.revoke(0);
            await().atMost(PATIENCE).until(first::isDone);
            harness.poll(IntStream.range(0, 20).mapToObj(i -> PipelineHarness.record(1, i, new byte[] { 1 })).toList())
                    .subscribeAsCompletionStage();
            isDown.set(false);

            // Then
            awaitFinished(harness, 20);
        }
    }

    @Test
    void shouldDeadLetterPoisonAtFullSpeedWithoutAnOutage() {
        // Given
        try (PipelineHarness harness = new PipelineHarness(1, 100, order -> {
            calls.incrementAndGet();
            return order.offset() % 5 < 3 ? Uni.createFrom().failure(new PoisonException("poison")) : success(order);
        }, threads, AT_ONCE)) {

            // When
            harness.poll(records(0, RECORDS)).await().atMost(PATIENCE);
            awaitFinished(harness, RECORDS);

            // Then
            assertThat(harness.deadLettered).hasSize(RECORDS * 3 / 5);
            assertThat(calls).hasValue(RECORDS);
            assertThat(harness.outages.total(OutageCause.DEPENDENCY)).isZero();
        }
    }

    @Test
    void shouldDeadLetterARecordThatFailsWhileOthersSucceed() {
        // Given
        TrialOutages settings = new TrialOutages();
        try (PipelineHarness harness = new PipelineHarness(1, 100,
                order -> order.offset() == 50 ? Uni.createFrom().failure(new IllegalStateException("mine")) : success(order),
                threads, settings)) {

            // When
            harness.poll(records(0, 100)).await().atMost(PATIENCE);
            awaitFinished(harness, 100);

            // Then
            assertThat(harness.deadLettered).containsExactly(50L);
            assertThat(harness.outages.total(OutageCause.DEPENDENCY)).isZero();
        }
    }

    @Test
    void shouldNeverGiveUpARecordWhoseDependencyIsNotThere() {
        // Given
        AtomicInteger refusals = new AtomicInteger(50);
        try (PipelineHarness harness = new PipelineHarness(1, 10, order -> refusals.getAndDecrement() > 0
                ? Uni.createFrom().failure(new UnavailableException("refused", new ConnectException("refused")))
                : success(order), threads, new TrialOutages(1_000, 1, Duration.ofMillis(5), Duration.ofMillis(10)))) {

            // When
            harness.poll(records(0, 1)).await().atMost(PATIENCE);
            awaitFinished(harness, 1);

            // Then
            assertThat(harness.deadLettered).isEmpty();
            assertThat(harness.average.totals().processed()).isEqualTo(1);
            assertThat(harness.outages.total(OutageCause.DEPENDENCY)).as("seen with a window that never fills").isPositive();
        }
    }

    @Test
    void shouldNotTakeItsOwnStandstillForAnOutageNorForAFailure() {
        // Given
        Queue<CompletableFuture<Void>> underWay = new ConcurrentLinkedQueue<>();
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        try (PipelineHarness harness = new PipelineHarness(1, 10, order -> {
            attempts.add(order.attempt());
            CompletableFuture<Void> answer = order.attempt() > 6 ? CompletableFuture.completedFuture(null)
                    : new CompletableFuture<>();
            underWay.add(answer);
            return Uni.createFrom().completionStage(answer);
        }, threads, AT_ONCE)) {
            harness.poll(records(0, 3)).await().atMost(PATIENCE);

            // When
            for (int times = 1; times <= 6; times++) {
                int calls = times * 3;
                await().atMost(PATIENCE).until(() -> underWay.size() == calls);
                harness.nanos.set(System.nanoTime() + times * PATIENCE.toNanos());
                List.copyOf(underWay).forEach(answer -> answer.completeExceptionally(new TimeoutException("no answer")));
            }

            // Then
            awaitFinished(harness, 3);
            assertThat(attempts).hasSize(21);
            assertThat(harness.deadLettered).isEmpty();
            assertThat(harness.outages.total(OutageCause.DEPENDENCY)).isZero();
        }
    }

    @Test
    void shouldEndAnOutageWhosePartitionsAreGone() {
        // Given
        isDown.set(true);
        try (PipelineHarness harness = harness(100, AT_ONCE)) {
            harness.poll(records(0, 100)).subscribeAsCompletionStage();
            await().atMost(PATIENCE).until(harness.breaker::isOpen);

            // When
            harness.revoke(0);

            // Then
            await().atMost(PATIENCE).until(() -> harness.outages.now().isEmpty());
            assertThat(harness.deadLettered).isEmpty();
        }
    }

    @Test
    void shouldHandBackWhatWaitsWhenItStopsInAnOutage() {
        // Given
        isDown.set(true);
        try (PipelineHarness harness = harness(100, AT_ONCE)) {
            harness.poll(records(0, 100)).subscribeAsCompletionStage();
            await().atMost(PATIENCE).until(harness.breaker::isOpen);

            // When
            long begin = System.nanoTime();
            harness.breaker.stop();
            harness.drain(PATIENCE);

            // Then
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE.dividedBy(2));
            assertThat(harness.deadLettered).isEmpty();
            assertThat(harness.partitions()).extracting(PartitionState::watermark).containsExactly(0L);
        }
    }

    @Test
    void shouldLetGoOfWhatWaitsWhenItsPartitionIsGivenAway() {
        // Given
        isDown.set(true);
        try (PipelineHarness harness = harness(100, AT_ONCE)) {
            harness.poll(records(0, 100)).subscribeAsCompletionStage();
            await().atMost(PATIENCE).until(harness.breaker::isOpen);

            // When
            harness.revoke(0);
            isDown.set(false);

            // Then
            await().atMost(PATIENCE).until(() -> harness.pipeline.lanes() == 0);
            assertThat(succeeded).isEmpty();
            assertThat(harness.deadLettered).isEmpty();
        }
    }
}
