package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import io.orderstream.commit.PartitionState;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.orderstream.totals.Totals;
import io.smallrye.mutiny.Uni;

/** What becomes of records that are in work when their partition is given away, and comes back. */
class ReturnedPartitionTest {

    private static final int RECORDS = 6;

    private final Map<Long, CompletableFuture<Void>> answers = new ConcurrentHashMap<>();
    private final Queue<Long> calls = new ConcurrentLinkedQueue<>();

    private Uni<Void> handle(Delivery<byte[]> record) {
        calls.add(record.offset());
        return Uni.createFrom().completionStage(answers.computeIfAbsent(record.offset(), offset -> new CompletableFuture<>()));
    }

    @Test
    void shouldHandleNoneTwiceThatEndsWhileThePartitionIsAwayOrIsStillBeingHandled() {
        try (PipelineHarness harness = new PipelineHarness(1, 100, this::handle)) {
            // Given: 0 to 3 are being handled, 4 waits behind 1 and 5 behind 3
            poll(harness, 0);
            await().atMost(PATIENCE).until(() -> calls.size() == 4);
            answers.get(0L).complete(null);
            await().atMost(PATIENCE).until(() -> harness.average.totals().processed() == 1);

            // When
            harness.revoke(0);
            answers.get(1L).complete(null);
            answers.get(2L).completeExceptionally(new PoisonException("never"));
            await().atMost(PATIENCE).until(() -> harness.pipeline.lanes() == 1);
            harness.assign(0);
            poll(harness, 1);

            // Then
            await().atMost(PATIENCE).until(() -> calls.contains(4L));
            answers.get(3L).complete(null);
            answers.get(4L).complete(null);
            await().atMost(PATIENCE).until(() -> calls.contains(5L));
            answers.get(5L).complete(null);
            await().atMost(PATIENCE).untilAsserted(
                    () -> assertThat(harness.average.totals()).isEqualTo(new Totals(RECORDS, 5, 1, 5)));
            assertThat(calls).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L);
            assertThat(harness.deadLettered).containsExactly(2L);
            assertThat(harness.partitions()).extracting(PartitionState::watermark).containsExactly((long) RECORDS);
        }
    }

    /** The records from an offset on, which is the committed one. */
    private static void poll(PipelineHarness harness, long from) {
        harness.poll(LongStream.range(from, RECORDS)
                .mapToObj(offset -> PipelineHarness.record(0, offset,
                        new byte[] { (byte) (offset == 4 ? 1 : offset == 5 ? 3 : offset) }))
                .toList()).await().atMost(PATIENCE);
    }
}
