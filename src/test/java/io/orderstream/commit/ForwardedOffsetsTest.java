package io.orderstream.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import io.orderstream.commit.OffsetTracker.PartitionCommit;
import io.orderstream.kafka.OffsetRuns;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Totals;
import io.orderstream.totals.TotalsMetadata;

/** What a partition's progress becomes of records that go on in another topic, and of those that come from one. */
class ForwardedOffsetsTest {

    private static final Totals BEFORE = new Totals(10, 7, 3, 7_000);
    private static final int GENERATION = 4;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 3);

    private final OffsetTracker progress = new OffsetTracker(new Counting(new RunningTotals(), true, 0), 100,
            new TotalsMetadata(BEFORE, OffsetRuns.NONE), GENERATION);

    @Test
    void shouldCoverAMovingRecordOnlyInTheTransactionThatMovesIt() {
        // Given
        TrackedOffset moving = received(100);
        TrackedOffset slow = received(101);
        TrackedOffset alsoMoving = received(102);
        moving.isMoving = true;
        alsoMoving.isMoving = true;

        // When
        PartitionCommit plain = progress.commit(TotalsMetadata.MAX_LENGTH, false);
        PartitionCommit listing = progress.commit(TotalsMetadata.MAX_LENGTH, true);
        PartitionCommit shorter = progress.commit(0, true);

        // Then
        assertThat(plain.offset()).isEqualTo(commit(100, 10, OffsetRuns.NONE));
        assertThat(listing.offset()).isEqualTo(commit(101, 12, new OffsetRuns.Builder().add(102, 103).build()));
        assertThat(List.of(listing.covers(moving), listing.covers(alsoMoving))).containsOnly(true);
        assertThat(shorter.offset()).isEqualTo(commit(101, 11, OffsetRuns.NONE));
        assertThat(List.of(shorter.covers(moving), shorter.covers(alsoMoving))).containsExactly(true, false);
        assertThat(progress.inWork()).isEqualTo(3);

        // And it is neither processed nor dead-lettered
        progress.moved(moving);
        progress.moved(alsoMoving);
        progress.processed(slow, 5);
        assertThat(progress.commit(0, false).offset()).isEqualTo(new OffsetAndMetadata(103,
                new TotalsMetadata(new Totals(13, 8, 3, 7_005), OffsetRuns.NONE).write(103)));
    }

    @Test
    void shouldTakeARecordThatCannotBeMovedBackIntoWork() {
        // Given
        TrackedOffset record = received(100);
        record.isMoving = true;

        // When
        record.isMoving = false;

        // Then
        assertThat(progress.commit(TotalsMetadata.MAX_LENGTH, true).offset()).isEqualTo(commit(100, 10, OffsetRuns.NONE));
    }

    @Test
    void shouldNotCountRecordsOfARetryTopicAsReceived() {
        // Given
        OffsetTracker retries = new OffsetTracker(new Counting(new RunningTotals(), false, 0), 0, TotalsMetadata.NONE,
                GENERATION);

        // When
        retries.processed(retries.received(0, 0), 500);
        retries.deadLettered(retries.received(1, 0));
        TrackedOffset again = retries.received(2, 0);
        again.isMoving = true;

        // Then
        assertThat(retries.contribution()).isEqualTo(new Totals(0, 1, 1, 500));
        retries.moved(again);
        assertThat(TotalsMetadata.read(3, retries.commit(0, false).offset().metadata()))
                .contains(new TotalsMetadata(new Totals(0, 1, 1, 500), OffsetRuns.NONE));
    }

    @Test
    void shouldFollowAPollThatHasReadOnOverWhatIsNoRecord() {
        // Given
        TrackedOffset record = received(100);

        // When
        progress.readUpTo(103, GENERATION);
        progress.readUpTo(110, GENERATION - 1);
        progress.readUpTo(102, GENERATION);

        // Then
        assertThat(progress.watermark()).isEqualTo(100);
        progress.processed(record, 1);
        assertThat(progress.watermark()).isEqualTo(103);
    }

    @Test
    void shouldNotCountTheTimeUntilARecordIsDue() {
        // Given
        progress.received(100, 9_000);
        progress.received(101, 4_000);

        // Then
        assertThat(PartitionState.of(PARTITION, progress, 3_000).oldestAge()).isZero();
        assertThat(PartitionState.of(PARTITION, progress, 5_000).oldestAge()).isEqualTo(Duration.ofNanos(1_000));
    }

    private static OffsetAndMetadata commit(long offset, long received, OffsetRuns finished) {
        return new OffsetAndMetadata(offset, new TotalsMetadata(new Totals(received, 7, 3, 7_000), finished).write(offset));
    }

    private TrackedOffset received(long offset) {
        return progress.received(offset, 0);
    }
}
