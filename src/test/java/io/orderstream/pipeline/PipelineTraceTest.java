package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.orderstream.pipeline.PipelineSettings.RetryMode;
import io.orderstream.record.PoisonException;
import io.orderstream.trace.MemoryTracing;
import io.smallrye.mutiny.Uni;

/** What the span of a record says of its end, where that is neither success nor a dead letter. */
class PipelineTraceTest {

    private static final byte[] KEY = { 1 };

    private final MemoryTracing traces = new MemoryTracing();
    private PipelineHarness harness;

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void shouldHandBackARecordWhoseDeadLetterIsRefusedWhenItsPartitionIsRevoked() {
        // Given
        start(RetryMode.IN_PLACE, Uni.createFrom().failure(new PoisonException("poison")));
        harness.refusal = new RecordTooLargeException("2 MB");

        // When
        poll(1);

        await().atMost(PATIENCE).until(() -> harness.refusals.letters("orders") == 1);
        harness.revoke(0);

        // Then
        assertThat(MemoryTracing.outcome(traces.awaitProcess(0))).isEqualTo("handed-back");
        await().atMost(PATIENCE).until(() -> harness.refusals.now().isEmpty());
    }

    @Test
    void shouldHandBackWhatWaitsInItsLaneWhenItsPartitionIsRevoked() {
        // Given
        CompletableFuture<Void> first = new CompletableFuture<>();
        start(RetryMode.IN_PLACE, Uni.createFrom().completionStage(first));
        poll(2);

        // When
        harness.revoke(0);
        first.complete(null);

        // Then
        assertThat(MemoryTracing.outcome(traces.awaitProcess(1))).isEqualTo("handed-back");
    }

    @Test
    void shouldHandBackAndNotMoveWhatWaitsToBeMovedWhenItsPartitionIsRevoked() {
        // Given
        start(RetryMode.TOPIC, Uni.createFrom().failure(new IllegalStateException("try again")));
        poll(1);

        // When
        harness.revoke(0);

        // Then
        assertThat(MemoryTracing.outcome(traces.awaitProcess(0))).isEqualTo("handed-back");
    }

    @Test
    void shouldLeaveNoSpanOpenWhenItStops() {
        // Given
        CompletableFuture<Void> first = new CompletableFuture<>();
        start(RetryMode.IN_PLACE, Uni.createFrom().completionStage(first));
        poll(2);

        // When
        harness.drain(Duration.ofMillis(1));
        traces.tracing().channelsClosed();

        // Then
        assertThat(MemoryTracing.outcome(traces.awaitProcess(0))).isEqualTo("handed-back");
        assertThat(MemoryTracing.outcome(traces.awaitProcess(1))).isEqualTo("handed-back");
    }

    private void start(RetryMode mode, Uni<Void> answer) {
        harness = new PipelineHarness(record -> answer, mode, traces.tracing());
    }

    private void poll(int records) {
        harness.poll(LongStream.range(0, records).mapToObj(offset -> PipelineHarness.record(0, offset, KEY)).toList()).await()
                .atMost(PATIENCE);
    }
}
