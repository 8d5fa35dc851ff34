package io.orderstream.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.orderstream.kafka.OffsetRuns;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Totals;
import io.orderstream.totals.TotalsMetadata;

class OffsetTrackerTest {

    private static final Totals BEFORE = new Totals(10, 7, 3, 7_000);
    private static final int GENERATION = 4;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 3);

    private final RunningTotals average = new RunningTotals();
    private final OffsetTracker progress = new OffsetTracker(new Counting(average, true, 0), 100,
            new TotalsMetadata(BEFORE, OffsetRuns.NONE), GENERATION);

    @BeforeEach
    void assign() {
        average.assigned(progress.contribution());
    }

    @Test
    void shouldStartAtTheCommittedOffsetWithTheCommittedTotals() {
        assertProgress(100, BEFORE);
        assertThat(progress.contribution()).isEqualTo(BEFORE);
        assertThat(progress.inWork()).isZero();
    }

    @Test
    void shouldFollowRecordsThatFinishInOrder() {
        // Given
        TrackedOffset first = received(100);
        TrackedOffset second = received(101);
        assertProgress(100, BEFORE);
        assertThat(progress.inWork()).isEqualTo(2);

        // When
        progress.processed(first, 500);

        // Then
        assertProgress(101, new Totals(11, 8, 3, 7_500));
        progress.deadLettered(second);
        assertProgress(102, new Totals(12, 8, 4, 7_500));
        assertThat(progress.inWork()).isZero();
    }

    @Test
    void shouldCommitOnlyTheUnbrokenRunOfFinishedRecords() {
        // Given
        TrackedOffset slow = received(100);
        TrackedOffset quick = received(101);
        TrackedOffset failed = received(102);
        received(103);

        // When
        progress.deadLettered(failed);
        progress.processed(quick, 200);

        // Then
        assertProgress(100, BEFORE);
        assertThat(progress.inWork()).isEqualTo(2);
        assertThat(progress.contribution()).isEqualTo(new Totals(14, 8, 4, 7_200));
        progress.processed(slow, 30);
        assertProgress(103, new Totals(13, 9, 4, 7_230));
        assertThat(progress.inWork()).isEqualTo(1);
    }

    @Test
    void shouldPassGapsInTheOffsets() {
        // Given
        TrackedOffset first = received(105);
        TrackedOffset second = received(900);

        // When
        progress.processed(second, 1);
        progress.processed(first, 2);

        // Then
        assertProgress(901, new Totals(12, 9, 3, 7_003));
    }

    @Test
    void shouldMoveTheWatermarkOverAGapToTheRecordBehindIt() {
        // Given
        TrackedOffset first = received(100);
        received(500);

        // When
        progress.processed(first, 0);

        // Then
        assertProgress(500, new Totals(11, 8, 3, 7_000));
    }

    @Test
    void shouldGoOnCountingWhereOffsetsGoBackToTheBeginningOfANewTopic() {
        // Given
        progress.processed(received(100), 1);

        // When
        TrackedOffset first = received(0);
        TrackedOffset second = received(1);
        progress.processed(second, 2);
        assertProgress(0, new Totals(11, 8, 3, 7_001));
        progress.processed(first, 4);

        // Then
        assertProgress(2, new Totals(13, 10, 3, 7_007));
    }

    @Test
    void shouldNeedMemoryForRecordsInWorkOnlyHoweverLongOneIsStuck() {
        // Given
        TrackedOffset stuck = received(100);

        // When
        for (int i = 1; i <= 1_000_000; i++) {
            progress.processed(received(100 + i), 1);
        }

        // Then
        assertThat(progress.inWork()).isOne();
        assertThat(progress.watermark()).isEqualTo(100);
        assertThat(progress.commit(TotalsMetadata.MAX_LENGTH, false).offset()).isEqualTo(new OffsetAndMetadata(100,
                "v=1;received=1000010;processed=1000007;deadLettered=3;revenueCents=1007000;finished=1.lfls"));
        progress.deadLettered(stuck);
        assertProgress(1_000_101, new Totals(1_000_011, 1_000_007, 4, 1_007_000));
    }

    @Test
    void shouldTellHowLongItsOldestRecordIsInWork() {
        // Given
        TrackedOffset first = progress.received(100, 1_000);
        progress.received(101, 2_000);

        // Then
        assertThat(PartitionState.of(PARTITION, progress, 5_000))
                .isEqualTo(new PartitionState(PARTITION, 100, 2, Duration.ofNanos(4_000)));
        progress.processed(first, 1);
        assertThat(PartitionState.of(PARTITION, progress, 5_000))
                .isEqualTo(new PartitionState(PARTITION, 101, 1, Duration.ofNanos(3_000)));
    }

    @Test
    void shouldNoteResultsThatComeAfterThePartitionWasGivenAwayButCountThemNotHere() {
        // Given
        TrackedOffset done = received(100);
        TrackedOffset late = received(101);
        TrackedOffset letter = received(102);
        progress.processed(done, 500);

        // When
        progress.revoke();
        average.revoked(progress.contribution());
        progress.processed(late, 1);
        progress.deadLettered(letter);

        // Then
        assertThat(progress.isRevoked()).isTrue();
        assertThat(progress.watermark()).isEqualTo(103);
        assertThat(progress.contribution()).isEqualTo(new Totals(13, 9, 4, 7_501));
        assertThat(average.totals()).isEqualTo(Totals.ZERO);
    }

    @Test
    void shouldAcceptRecordsOfItsOwnGenerationAndLaterOnesUntilItIsRevoked() {
        assertThat(progress.isRevoked()).isFalse();
        assertThat(progress.accepts(GENERATION - 1)).isFalse();
        assertThat(progress.accepts(GENERATION)).isTrue();
        assertThat(progress.accepts(GENERATION + 1)).isTrue();

        progress.revoke();

        assertThat(progress.accepts(GENERATION)).isFalse();
        assertThat(progress.accepts(GENERATION + 1)).isFalse();
    }

    private TrackedOffset received(long offset) {
        return progress.received(offset, 0);
    }

    private void assertProgress(long watermark, Totals totals) {
        assertThat(progress.watermark()).isEqualTo(watermark);
        assertThat(TotalsMetadata.read(watermark, progress.commit(0, false).offset().metadata()))
                .contains(new TotalsMetadata(totals, OffsetRuns.NONE));
        assertThat(average.totals()).as("what the average was given").isEqualTo(progress.contribution());
    }
}
