package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import io.orderstream.commit.PartitionState;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.smallrye.mutiny.Uni;

class PipelineTest {

    private static final int SEEDS = 100;
    private static final int RECORDS = 200;
    private static final int MILLION = 1_000_000;
    private static final int POLL = 500;
    private static final long MEGABYTE = 1024 * 1024;

    @Test
    void shouldShowAHandlerEachKeysOffsetsInOrderWhateverFails() {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int seed = 0; seed < SEEDS; seed++) {
                // Given
                Random random = new Random(seed);
                int keys = 1 + random.nextInt(8);
                int maxInFlight = 1 + random.nextInt(RECORDS);
                RandomHandler handler = new RandomHandler(seed, maxInFlight, threads);
                try (PipelineHarness harness = new PipelineHarness(2, maxInFlight, handler::handle)) {
                    List<ConsumerRecord<byte[], byte[]>> records = IntStream.range(0, RECORDS)
                            .mapToObj(i -> PipelineHarness.record(i % 2, i / 2, key(random.nextInt(keys)))).toList();

                    // When
                    for (int i = 0; i < RECORDS; i += 50) {
                        harness.poll(new ArrayList<>(records.subList(i, i + 50))).await().atMost(PATIENCE);
                    }
                    await().pollInterval(Duration.ofMillis(2)).atMost(PATIENCE).until(() -> finished(harness) == RECORDS);

                    // Then
                    assertThat(handler.violations).as("seed %d", seed).isEmpty();
                    assertThat(handler.calls.get()).as("seed %d", seed).isEqualTo(expectedCalls(seed, records));
                    assertThat(harness.partitions()).extracting(PartitionState::watermark).containsOnly(RECORDS / 2L);
                    assertThat(harness.pipeline.lanes()).isZero();
                    assertThat(harness.activity().waiting()).isZero();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldGiveARecordOneIdAlsoWhenItIsRedrivenAndAnotherOneAtItsPositionAnother() {
        // Given
        List<String> ids = new CopyOnWriteArrayList<>();
        List<ConsumerRecord<byte[], byte[]>> records = List.of(written(3, 1_767_225_600_000L), written(4, 1_770_000_000_000L));
        records.get(1).headers().add("redrive-origin", "orders-0-3".getBytes(StandardCharsets.UTF_8))
                .add("redrive-origin-timestamp", "2026-01-01T00:00:00Z".getBytes(StandardCharsets.UTF_8));

        // When
        for (ConsumerRecord<byte[], byte[]> record : List.of(records.get(0), records.get(1), written(3, 1_767_225_600_001L))) {
            try (PipelineHarness harness = new PipelineHarness(1, 10, delivery -> {
                ids.add(delivery.id());
                return delivery.attempt() == 1 ? Uni.createFrom().failure(new IllegalStateException())
                        : Uni.createFrom().voidItem();
            })) {
                harness.poll(List.of(record)).await().atMost(PATIENCE);
                await().atMost(PATIENCE).until(() -> finished(harness) == 1);
            }
        }

        // Then
        String id = "orders-0-3.1767225600000";
        assertThat(ids).containsExactly(id, id, id, id, "orders-0-3.1767225600001", "orders-0-3.1767225600001");
    }

    private static ConsumerRecord<byte[], byte[]> written(long offset, long timestamp) {
        return new ConsumerRecord<>(PipelineHarness.TOPIC, 0, offset, timestamp, TimestampType.CREATE_TIME, 0, 1, key(1),
                new byte[] { 1 }, new RecordHeaders(), Optional.empty());
    }

    @Test
    void shouldCountADeadLetterWhenTheBrokerHasConfirmedItAndNotBefore() {
        // Given
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        try (PipelineHarness harness = new PipelineHarness(1, 10,
                delivery -> Uni.createFrom().failure(new PoisonException("never")))) {
            harness.confirmation = confirmed;

            // When
            harness.poll(List.of(PipelineHarness.record(0, 0, key(1)))).subscribeAsCompletionStage();
            await().atMost(PATIENCE).until(() -> !harness.deadLettered.isEmpty());

            // Then
            assertThat(harness.partitions()).extracting(PartitionState::watermark).containsExactly(0L);
            assertThat(harness.average.totals().deadLettered()).isZero();

            // And when
            confirmed.complete(null);

            // Then
            await().atMost(PATIENCE).until(() -> harness.average.totals().deadLettered() == 1);
            assertThat(harness.partitions()).extracting(PartitionState::watermark).containsExactly(1L);
        }
    }

    private static int expectedCalls(int seed, List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().mapToInt(record -> Math.min(1 + RandomHandler.failures(seed, record.partition(),
                record.offset()), 1 + PipelineHarness.MAX_RETRIES)).sum();
    }

    @Test
    void shouldLeaveNothingBehindOfAMillionKeys() {
        // Given
        Map<Long, CompletableFuture<Void>> slow = new ConcurrentHashMap<>();
        AtomicInteger mostLanes = new AtomicInteger();
        try (PipelineHarness harness = new PipelineHarness(1, 1_000, order -> {
            // Now and then one is slow, so that those behind it need lanes.
            if (order.offset() % 10_000 == 0) {
                return Uni.createFrom().completionStage(slow.computeIfAbsent(order.offset(), key -> new CompletableFuture<>()));
            }
            return Uni.createFrom().voidItem();
        })) {
            long before = usedHeap();

            // When
            for (int first = 0; first < MILLION; first += POLL) {
                harness.poll(IntStream.range(first, first + POLL).mapToObj(i -> PipelineHarness.record(0, i, key(i))).toList())
                        .await().atMost(PATIENCE);
                mostLanes.accumulateAndGet(harness.pipeline.lanes(), Math::max);
            }
            assertThat(slow).hasSize(100);
            slow.values().forEach(future -> future.complete(null));
            await().atMost(PATIENCE).until(() -> finished(harness) == MILLION);

            // Then
            assertThat(mostLanes).hasValue(100);
            assertThat(harness.partitions()).extracting(PartitionState::inWork).containsExactly(0);
            assertThat(harness.pipeline.lanes()).isZero();
            slow.clear();
            assertThat(usedHeap() - before).as("bytes of heap left behind").isLessThan(4 * MEGABYTE);
        }
    }

    @Test
    void shouldNotOrderRecordsWithoutAKey() {
        // Given
        CompletableFuture<Void> first = new CompletableFuture<>();
        try (PipelineHarness harness = new PipelineHarness(1, 10,
                order -> order.offset() == 0 ? Uni.createFrom().completionStage(first) : Uni.createFrom().voidItem())) {

            // When
            harness.poll(IntStream.range(0, 5).mapToObj(i -> PipelineHarness.record(0, i, null)).toList())
                    .await().atMost(PATIENCE);

            // Then
            assertThat(finished(harness)).isEqualTo(4);
            assertThat(harness.partitions()).extracting(PartitionState::watermark).containsExactly(0L);
            first.complete(null);
            await().atMost(PATIENCE).until(() -> finished(harness) == 5);
        }
    }

    @Test
    void shouldAskForNoMoreWhileMaxInFlightAreInWork() {
        // Given
        List<CompletableFuture<Void>> inWork = new CopyOnWriteArrayList<>();
        try (PipelineHarness harness = new PipelineHarness(1, 3, order -> {
            CompletableFuture<Void> done = new CompletableFuture<>();
            inWork.add(done);
            return Uni.createFrom().completionStage(done);
        })) {
            // When
            CompletableFuture<Void> batch = harness.poll(
                    IntStream.range(0, 4).mapToObj(i -> PipelineHarness.record(0, i, key(i))).toList())
                    .subscribeAsCompletionStage();

            // Then
            assertThat(harness.partitions()).extracting(PartitionState::inWork).containsExactly(3);
            assertThat(batch).isNotDone();
            assertThat(inWork).hasSize(3);
            inWork.get(1).complete(null);
            await().atMost(PATIENCE).until(() -> inWork.size() == 4);
            assertThat(harness.partitions()).extracting(PartitionState::inWork).containsExactly(3);
            assertThat(batch).isNotDone();
            inWork.get(3).complete(null);
            await().atMost(PATIENCE).until(batch::isDone);
        }
    }

    @Test
    void shouldTakeOthersWhileRecordsWaitForTheirRetryButMakeNoMoreCalls() {
        // Given
        CompletableFuture<Void> backoff = new CompletableFuture<>();
        HeldCalls handler = new HeldCalls(2);
        try (PipelineHarness harness = new PipelineHarness(1, 2, handler::handle)) {
            harness.backoff = backoff;

            // When
            harness.poll(records(6)).subscribeAsCompletionStage();

            // Then
            assertThat(harness.partitions()).extracting(PartitionState::inWork).containsExactly(4);
            assertThat(harness.activity().waiting()).isEqualTo(2);
            assertThat(handler.begun).containsExactly(0L, 1L, 2L, 3L);

            // When
            backoff.complete(null);

            // Then
            // What the event loop does now leads to what it does next, and the second answer comes after both.
            assertThat(harness.partitions()).extracting(PartitionState::inWork).containsExactly(4);
            assertThat(harness.activity().waiting()).isEqualTo(2);
            assertThat(handler.begun).as("retries that are due wait for a call to end").hasSize(4);
            handler.end(2);
            await().atMost(PATIENCE).until(() -> handler.begun.size() == 5);
            handler.end(3);
            await().atMost(PATIENCE).until(() -> handler.begun.size() == 6);
            assertThat(handler.begun.subList(4, 6)).containsExactlyInAnyOrder(0L, 1L);
            assertThat(harness.activity().waiting()).isZero();
            handler.end(0, 1);
            await().atMost(PATIENCE).until(() -> handler.begun.size() == 8);
            handler.end(4, 5);
            await().atMost(PATIENCE).until(() -> finished(harness) == 6);
        }
    }

    @Test
    void shouldAskForNoMoreWhileMaxWaitingWaitForTheirRetry() {
        // Given
        CompletableFuture<Void> backoff = new CompletableFuture<>();
        HeldCalls handler = new HeldCalls(PipelineHarness.MAX_WAITING);
        try (PipelineHarness harness = new PipelineHarness(1, 100, handler::handle)) {
            harness.backoff = backoff;

            // When
            CompletableFuture<Void> batch = harness.poll(records(PipelineHarness.MAX_WAITING + 1)).subscribeAsCompletionStage();

            // Then
            assertThat(harness.partitions()).extracting(PartitionState::inWork).containsExactly(PipelineHarness.MAX_WAITING);
            assertThat(batch).isNotDone();
            backoff.complete(null);
            await().atMost(PATIENCE).until(batch::isDone);
            handler.end(0, 1, 2, 3);
            await().atMost(PATIENCE).until(() -> finished(harness) == PipelineHarness.MAX_WAITING + 1);
        }
    }

    @Test
    void shouldMakeNoMoreCallsForARetryTopicHoweverManyRecordsAreDue() {
        // Given
        HeldCalls handler = new HeldCalls(0);
        List<ConsumerRecord<byte[], byte[]>> due = records(PipelineHarness.MAX_WAITING);
        due.forEach(record -> new RetryHeaders(1, Instant.EPOCH, "orders", 0, record.offset(), Instant.EPOCH)
                .write(record.headers(), "busy"));
        try (PipelineHarness harness = PipelineHarness.ofRetryTopic(1, handler::handle)) {

            // When
            harness.poll(due).subscribeAsCompletionStage();

            // Then
            for (int calls = 1; calls <= PipelineHarness.MAX_WAITING; calls++) {
                int begun = calls;
                await().atMost(PATIENCE).until(() -> handler.begun.size() >= begun);
                assertThat(harness.activity().waiting()).as("none waits for the clock any more").isZero();
                assertThat(handler.begun).hasSize(calls);
                handler.end(handler.begun.get(calls - 1));
            }
            await().atMost(PATIENCE).until(() -> finished(harness) == PipelineHarness.MAX_WAITING);
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(int count) {
        return IntStream.range(0, count).mapToObj(i -> PipelineHarness.record(0, i, key(i))).toList();
    }

    /** The first attempt of the first records fails at once; any other call lasts until it is ended. */
    private static final class HeldCalls {

        private final int failing;
        private final List<Long> begun = new CopyOnWriteArrayList<>();
        private final Map<Long, CompletableFuture<Void>> held = new ConcurrentHashMap<>();

        HeldCalls(int failing) {
            this.failing = failing;
        }

        Uni<Void> handle(Delivery<byte[]> order) {
            begun.add(order.offset());
            return order.offset() < failing && order.attempt() == 1
                    ? Uni.createFrom().failure(new IllegalStateException("fails once"))
                    : Uni.createFrom().completionStage(call(order.offset()));
        }

        private CompletableFuture<Void> call(long offset) {
            return held.computeIfAbsent(offset, key -> new CompletableFuture<>());
        }

        void end(long... offsets) {
            for (long offset : offsets) {
                call(offset).complete(null);
            }
        }
    }

    private static long finished(PipelineHarness harness) {
        return harness.average.totals().processed() + harness.average.totals().deadLettered();
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Fails and completes at random, at once or later on another thread, and notes whatever is out of order. */
    private static final class RandomHandler {

        private final int seed;
        private final int mostCalls;
        private final ExecutorService threads;
        private final AtomicInteger calls = new AtomicInteger();
        private final List<String> violations = new ArrayList<>();
        private final Map<Lane, Long> lastOffsets = new HashMap<>();
        private final Map<Lane, Long> running = new ConcurrentHashMap<>();

        private record Lane(int partition, ByteBuffer key) {
        }

        RandomHandler(int seed, int mostCalls, ExecutorService threads) {
            this.seed = seed;
            this.mostCalls = mostCalls;
            this.threads = threads;
        }

        /** How many attempts fail, from none to all. */
        static int failures(int seed, int partition, long offset) {
            Random random = new Random(seed * 31L + partition * 1_000_003L + offset);
            random.nextInt();
            return random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 0;
        }

        Uni<Void> handle(Delivery<byte[]> order) {
            calls.incrementAndGet();
            Lane lane = new Lane(order.partition(), ByteBuffer.wrap(((InFlightRecord<byte[]>) order).record.key()));
            Long last = lastOffsets.put(lane, order.offset());
            if (last != null && (order.attempt() == 1 ? last >= order.offset() : last != order.offset())) {
                violations.add(lane + ": attempt " + order.attempt() + " of " + order.offset() + " after " + last);
            }
            Long other = running.put(lane, order.offset());
            if (other != null) {
                violations.add(lane + ": " + order.offset() + " while " + other + " is running");
            }
            if (running.size() > mostCalls) {
                violations.add(running.size() + " calls at once");
            }
            boolean fails = order.attempt() <= failures(seed, order.partition(), order.offset());
            if ((order.offset() + order.attempt()) % 3 == 0) {
                return outcome(lane, fails);
            }
            return Uni.createFrom().voidItem().emitOn(threads).chain(() -> outcome(lane, fails));
        }

        private Uni<Void> outcome(Lane lane, boolean fails) {
            running.remove(lane);
            return fails ? Uni.createFrom().failure(new IllegalStateException("random")) : Uni.createFrom().voidItem();
        }
    }
}
