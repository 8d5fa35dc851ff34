package io.orderstream.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orderstream.metrics.Metric;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Totals;
import io.orderstream.totals.TotalsMetadata;

/** A partition that was given away and comes back, such as after an outage of the broker that was longer than the session. */
class ReturnedPartitionTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final int BEFORE = 4;
    private static final int AFTER = 6;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RunningTotals average = new RunningTotals();
    private final AssignedPartitions partitions = new AssignedPartitions(average,
            new LostRecords(registry, "orders", PARTITION.topic()));
    private OffsetAndMetadata committed;
    /** As it was assigned last. */
    private OffsetTracker before;

    @BeforeEach
    void commitTwo() {
        assign(null, 0, BEFORE);
        process(receive(0));
        process(receive(1));
        commit();
    }

    @Test
    void shouldHandleNothingAgainThatWasFinishedAndNotCommitted() {
        // Given
        process(receive(2));
        TrackedOffset inWork = receive(3);
        tracker().deadLettered(receive(4));

        // When
        partitions.release(PARTITION);
        assign(committed, 2, AFTER);

        // Then
        assertThat(readAgain(2, 5)).as("the one in work will end").isEmpty();
        process(inWork);
        assertThat(tracker().watermark()).isEqualTo(5);
        assertThat(average.totals()).isEqualTo(new Totals(5, 4, 1, 20));
        assertThat(receive(5)).isNotNull();
    }

    @Test
    void shouldCountWhatEndsWhileThePartitionIsAway() {
        // Given
        TrackedOffset slow = receive(2);
        TrackedOffset letter = receive(3);

        // When
        partitions.release(PARTITION);
        process(slow);
        before.deadLettered(letter);
        assertThat(average.totals()).as("while it is away").isEqualTo(Totals.ZERO);
        assign(committed, 2, AFTER);

        // Then
        assertThat(readAgain(2, 4)).isEmpty();
        assertThat(average.totals()).isEqualTo(new Totals(4, 3, 1, 15));
    }

    @Test
    void shouldHandleAgainWhatWasLetGo() {
        // Given
        TrackedOffset waiting = receive(2);
        process(receive(3));

        // When
        partitions.release(PARTITION);
        before.handedBack(waiting);
        assign(committed, 2, AFTER);

        // Then
        assertThat(tracker().watermark()).isEqualTo(2);
        assertThat(readAgain(2, 4)).containsExactly(2L);
        assertThat(average.totals()).as("received once").isEqualTo(new Totals(4, 3, 0, 15));
    }

    @Test
    void shouldGoOnWithTheCommitOfWhoeverHadThePartitionMeanwhile() {
        // Given
        process(receive(2));
        process(receive(3));
        partitions.release(PARTITION);

        // When
        assign(new OffsetAndMetadata(3, new TotalsMetadata(new Totals(3, 3, 0, 100), TotalsMetadata.NONE.finished()).write(3)),
                3, AFTER);

        // Then
        assertThat(average.totals()).isEqualTo(new Totals(3, 3, 0, 100));
        assertThat(readAgain(3, 4)).containsExactly(3L);
    }

    @Test
    void shouldKnowItsOwnCommitWithoutAnAnswer() {
        // Given
        process(receive(2));
        PendingCommit unanswered = partitions.due(partitions.all(), false);
        partitions.sent(unanswered);
        process(receive(3));

        // When
        partitions.release(PARTITION);
        assertThat(partitions.confirmed(Set.of(PARTITION))).as("at least").isEqualTo(Map.of(PARTITION, 2L));
        assign(unanswered.offsets().get(PARTITION), 3, AFTER);

        // Then
        assertThat(readAgain(3, 4)).isEmpty();
        assertThat(average.totals()).isEqualTo(new Totals(4, 4, 0, 20));
    }

    @Test
    void shouldHandleAMoveAgainThatWasLeft() {
        // Given
        move(receive(2));

        // When
        partitions.release(PARTITION);
        assign(committed, 2, AFTER);

        // Then
        assertThat(readAgain(2, 3)).containsExactly(2L);
    }

    @Test
    void shouldNotHandleAMoveAgainWhoseTransactionNobodyKnewTheOutcomeOf() {
        // Given
        move(receive(2));
        process(receive(3));
        PendingCommit transaction = partitions.due(partitions.all(), true);
        partitions.release(PARTITION);

        // When
        partitions.committed(transaction);
        assign(transaction.offsets().get(PARTITION), 4, AFTER);

        // Then
        assertThat(tracker().watermark()).isEqualTo(4);
        assertThat(average.totals()).isEqualTo(new Totals(4, 3, 0, 15));
    }

    @Test
    void shouldTakeNothingOfABatchThatWasPolledBefore() {
        // Given
        receive(2);

        // When
        partitions.release(PARTITION);
        assign(committed, 2, AFTER);

        // Then
        assertThat(tracker().accepts(BEFORE)).isFalse();
        assertThat(tracker().accepts(AFTER)).isTrue();
    }

    @Test
    void shouldTellOfWhatWasLetGoAndThenDeleted() {
        // Given
        TrackedOffset waiting = receive(2);
        process(receive(3));
        partitions.release(PARTITION);
        before.handedBack(waiting);

        // When
        assign(committed, 6, AFTER);

        // Then
        assertThat(Metric.RECORDS_LOST.counter(registry, "orders", "orders").count()).as("2, 4 and 5").isEqualTo(3);
        assertThat(tracker().watermark()).isEqualTo(6);
        assertThat(average.totals()).isEqualTo(new Totals(3, 3, 0, 15));
        commit();
        assertThat(committed.offset()).isEqualTo(6);
    }

    @Test
    void shouldKeepItsTotalsWhenItsTopicIsMadeAnewMeanwhile() {
        // Given
        TrackedOffset slow = receive(2);
        TrackedOffset waiting = receive(3);
        process(receive(4));

        // When
        partitions.release(PARTITION);
        before.handedBack(waiting);
        assign(null, 0, AFTER, false);

        // Then
        assertThat(average.totals()).as("with the one in work, without the one that is gone")
                .isEqualTo(new Totals(4, 3, 0, 15));
        process(slow);
        assertThat(readAgain(0, 3)).containsExactly(0L, 1L, 2L);
        assertThat(tracker().watermark()).isZero();
        assertThat(average.totals()).isEqualTo(new Totals(7, 4, 0, 20));
    }

    private void assign(OffsetAndMetadata found, long start, int generation) {
        assign(found, start, generation, true);
    }

    private void assign(OffsetAndMetadata found, long start, int generation, boolean isSameLog) {
        TotalsMetadata text = found == null ? TotalsMetadata.NONE
                : TotalsMetadata.read(found.offset(), found.metadata()).orElseThrow();
        Counting counting = new Counting(average, true, 0);
        partitions.assign(Map.of(PARTITION, new RestoredPartition(
                new OffsetTracker(counting, found == null ? start : found.offset(), text, generation), found, start,
                generation, isSameLog)));
        before = tracker();
    }

    private OffsetTracker tracker() {
        return partitions.progress(PARTITION);
    }

    private TrackedOffset receive(long offset) {
        return tracker().received(offset, 0);
    }

    private void process(TrackedOffset record) {
        before.processed(record, 5);
    }

    private void move(TrackedOffset record) {
        partitions.move(new RetryForward(PARTITION, before, record, new ProducerRecord<>("orders-retry", null),
                (end, refusal) -> before.handedBack(record)));
    }

    private void commit() {
        PendingCommit due = partitions.due(Set.of(PARTITION), false);
        partitions.committed(due);
        committed = due.offsets().get(PARTITION);
    }

    /** Reads from the committed offset on, and gives those to be handled. */
    private List<Long> readAgain(long from, long to) {
        List<Long> taken = new ArrayList<>();
        LongStream.range(from, to).filter(offset -> receive(offset) != null).forEach(taken::add);
        return taken;
    }
}
