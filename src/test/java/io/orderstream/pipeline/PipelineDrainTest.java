package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.orderstream.commit.PartitionState;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.orderstream.totals.Totals;
import io.smallrye.mutiny.Uni;

/** What is under way when the application stops is brought to its end, and nothing else is begun. */
class PipelineDrainTest {

    private final CompletableFuture<Void> other = new CompletableFuture<>();
    private final CompletableFuture<Void> secondAttempt = new CompletableFuture<>();
    private final CompletableFuture<Void> secondCalled = new CompletableFuture<>();
    // What the retries have to say comes too late, whatever it is.
    private final PipelineHarness harness = new PipelineHarness(1, 10, this::handle, task -> {
    });

    private Uni<Void> handle(Delivery<byte[]> order) {
        if (order.offset() == 1) {
            return Uni.createFrom().completionStage(other);
        }
        if (order.attempt() == 1) {
            return Uni.createFrom().failure(new IllegalStateException("the first attempt fails"));
        }
        secondCalled.complete(null);
        return Uni.createFrom().completionStage(secondAttempt);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void shouldCountARetryThatSucceedsWhileItDrains() {
        // Given
        Thread drain = drainDuringTheSecondAttempt();

        // When
        secondAttempt.complete(null);
        other.complete(null);

        // Then
        awaitEnd(drain);
        assertThat(harness.average.totals()).isEqualTo(new Totals(2, 2, 0, 2));
    }

    @Test
    void shouldDeadLetterARetryThatTurnsOutPoisonWhileItDrains() {
        // Given
        Thread drain = drainDuringTheSecondAttempt();

        // When
        secondAttempt.completeExceptionally(new PoisonException("poison after all"));
        other.complete(null);

        // Then
        awaitEnd(drain);
        assertThat(harness.average.totals()).isEqualTo(new Totals(2, 1, 1, 1));
        assertThat(harness.deadLettered).containsExactly(0L);
    }

    @Test
    void shouldHandBackARetryThatFailsWhileItDrains() {
        // Given
        Thread drain = drainDuringTheSecondAttempt();

        // When
        secondAttempt.completeExceptionally(new IllegalStateException("once more"));
        other.complete(null);

        // Then
        awaitEnd(drain);
        assertThat(harness.average.totals()).isEqualTo(new Totals(2, 1, 0, 1));
        assertThat(harness.partitions()).extracting(PartitionState::watermark).containsExactly(0L);
        assertThat(harness.deadLettered).isEmpty();
    }

    private Thread drainDuringTheSecondAttempt() {
        harness.poll(List.of(PipelineHarness.record(0, 0, new byte[] { 1 }), PipelineHarness.record(0, 1, new byte[] { 2 })))
                .await().atMost(PATIENCE);
        secondCalled.join();
        Thread drain = new Thread(() -> harness.drain(PATIENCE), "drain");
        drain.start();
        await().atMost(PATIENCE).until(() -> drain.getState() == Thread.State.TIMED_WAITING);
        // The event loop answers after it has heard of the drain.
        harness.partitions();
        assertThat(drain.isAlive()).isTrue();
        return drain;
    }

    /** It ends because all is done, not because its time is over. */
    private static void awaitEnd(Thread drain) {
        await().atMost(PATIENCE.dividedBy(2)).until(() -> !drain.isAlive());
    }
}
