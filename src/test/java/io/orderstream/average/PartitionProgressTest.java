package io.orderstream.average;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionProgressTest {

    private static final Totals BEFORE = new Totals(10, 7, 3, 7_000);
    private static final int GENERATION = 4;
    private static final int SEEDS = 200;

    private final RunningAverage average = new RunningAverage();
    private final PartitionProgress progress = new PartitionProgress(average, 100, BEFORE, GENERATION);

    @BeforeEach
    void assign() {
        average.assigned(progress.contribution());
    }

    @Test
    void shouldStartAtTheCommittedOffsetWithTheCommittedTotals() {
        assertProgress(100, BEFORE);
        assertThat(progress.contribution()).isEqualTo(BEFORE);
        assertThat(progress.beyondWatermark()).isZero();
    }

    @Test
    void shouldFollowRecordsThatFinishInOrder() {
        // Given
        long first = progress.received(100);
        long second = progress.received(101);
        assertProgress(100, BEFORE);
        assertThat(progress.beyondWatermark()).isEqualTo(2);

        // When
        progress.processed(first, 500);

        // Then
        assertProgress(101, new Totals(11, 8, 3, 7_500));
        progress.deadLettered(second);
        assertProgress(102, new Totals(12, 8, 4, 7_500));
        assertThat(progress.beyondWatermark()).isZero();
    }

    @Test
    void shouldCommitOnlyTheUnbrokenRunOfFinishedRecords() {
        // Given
        long slow = progress.received(100);
        long quick = progress.received(101);
        long failed = progress.received(102);
        progress.received(103);

        // When
        progress.deadLettered(failed);
        progress.processed(quick, 200);

        // Then
        assertProgress(100, BEFORE);
        assertThat(progress.beyondWatermark()).isEqualTo(4);
        assertThat(progress.contribution()).isEqualTo(new Totals(14, 8, 4, 7_200));
        progress.processed(slow, 30);
        assertProgress(103, new Totals(13, 9, 4, 7_230));
        assertThat(progress.beyondWatermark()).isEqualTo(1);
    }

    @Test
    void shouldPassGapsInTheOffsets() {
        // Given
        long first = progress.received(105);
        long second = progress.received(900);

        // When
        progress.processed(second, 1);
        progress.processed(first, 2);

        // Then
        assertProgress(901, new Totals(12, 9, 3, 7_003));
    }

    @Test
    void shouldNotMoveTheWatermarkIntoAGapBeforeTheRecordBehindItIsDone() {
        // Given
        long first = progress.received(100);
        progress.received(500);

        // When
        progress.processed(first, 0);

        // Then
        assertProgress(101, new Totals(11, 8, 3, 7_000));
    }

    @Test
    void shouldGoOnCountingWhereOffsetsGoBackToTheBeginningOfANewTopic() {
        // Given
        progress.processed(progress.received(100), 1);

        // When
        long first = progress.received(0);
        long second = progress.received(1);
        progress.processed(second, 2);
        assertProgress(101, new Totals(11, 8, 3, 7_001));
        progress.processed(first, 4);

        // Then
        assertProgress(2, new Totals(13, 10, 3, 7_007));
    }

    @ParameterizedTest
    @ValueSource(ints = { 1023, 1024, 1025, 2049, 5000 })
    void shouldHoldAnyNumberOfRecordsBehindASlowOne(int behind) {
        // Given
        progress.processed(progress.received(100), 0);
        long slow = progress.received(101);
        for (int i = 0; i < behind; i++) {
            progress.processed(progress.received(102 + i), i);
        }
        assertProgress(101, new Totals(11, 8, 3, 7_000));

        // When
        progress.deadLettered(slow);

        // Then
        assertProgress(102 + behind, new Totals(12 + behind, 8 + behind, 4, 7_000 + behind * (behind - 1) / 2));
    }

    @Test
    void shouldIgnoreResultsThatComeAfterThePartitionWasGivenAway() {
        // Given
        long done = progress.received(100);
        long late = progress.received(101);
        long lost = progress.received(102);
        progress.processed(done, 500);
        Totals counted = average.totals();

        // When
        progress.revoke();
        progress.processed(late, 1);
        progress.deadLettered(lost);

        // Then
        assertThat(progress.isRevoked()).isTrue();
        assertProgress(101, new Totals(11, 8, 3, 7_500));
        assertThat(average.totals()).isEqualTo(counted);
        average.revoked(progress.contribution());
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

    @Test
    void shouldHaveTheTotalsOfExactlyTheRecordsBeforeTheWatermarkInAnyOrderOfFinishing() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            NaiveProgress naive = new NaiveProgress(BEFORE, 100);
            RunningAverage given = new RunningAverage();
            given.assigned(BEFORE);
            PartitionProgress actual = new PartitionProgress(given, 100, BEFORE, GENERATION);
            // From one record at a time to more than fit before it grows twice.
            int mostInWork = 1 << random.nextInt(13);
            for (int step = 0; step < 6_000; step++) {
                naive.randomStep(actual, random, mostInWork);
                if (random.nextInt(200) == 0) {
                    naive.assertSame(actual, given, "seed %d, step %d".formatted(seed, step));
                }
            }
            naive.finishAll(actual, random);
            naive.assertSame(actual, given, "seed %d, at its end".formatted(seed));
            assertThat(actual.beyondWatermark()).as("seed %d", seed).isZero();
        }
    }

    private void assertProgress(long watermark, Totals totals) {
        assertThat(progress.watermark()).isEqualTo(watermark);
        assertThat(progress.totalsAtWatermark()).isEqualTo(totals);
        assertThat(average.totals()).as("what the average was given").isEqualTo(progress.contribution());
    }
}
