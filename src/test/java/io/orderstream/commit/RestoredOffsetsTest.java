package io.orderstream.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.kafka.OffsetRuns;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Totals;
import io.orderstream.totals.TotalsMetadata;

/** What a partition's progress becomes of what an earlier run has committed. */
class RestoredOffsetsTest {

    private static final Totals BEFORE = new Totals(10, 7, 3, 7_000);
    private static final int GENERATION = 4;
    private static final int SOME_SEEDS = 30;
    private static final int SEEDS = 200;

    private final RunningTotals average = new RunningTotals();

    @Test
    void shouldSkipWhatAnEarlierRunHasFinished() {
        // Given
        OffsetTracker next = new OffsetTracker(new Counting(average, true, 0), 100,
                new TotalsMetadata(BEFORE, new OffsetRuns.Builder().add(101, 103).add(104, 105).build()), GENERATION);

        // When
        List<Long> skipped = LongStream.range(100, 107).filter(offset -> next.received(offset, 0) == null).boxed().toList();

        // Then
        assertThat(skipped).containsExactly(101L, 102L, 104L);
        assertThat(next.contribution()).isEqualTo(new Totals(14, 7, 3, 7_000));
        assertThat(next.watermark()).isEqualTo(100);
    }

    @Test
    void shouldNotSkipRecordsOfATopicThatWasMadeAnew() {
        // Given
        OffsetTracker next = new OffsetTracker(new Counting(average, true, 0), 100,
                new TotalsMetadata(BEFORE, new OffsetRuns.Builder().add(101, 103).build()), GENERATION);
        next.received(100, 0);

        // When
        TrackedOffset ofNewTopic = next.received(5, 0);

        // Then
        assertThat(ofNewTopic).isNotNull();
        assertThat(next.received(101, 0)).isNotNull();
    }

    @Test
    void shouldLeaveOutWhatDoesNotFitAndCommitLessButExact() {
        // Given
        OffsetTracker progress = new OffsetTracker(new Counting(average, true, 0), 100,
                new TotalsMetadata(BEFORE, OffsetRuns.NONE),
                GENERATION);
        TrackedOffset slow = progress.received(100, 0);
        for (int i = 101; i < 5_000; i += 2) {
            progress.processed(progress.received(i, 0), 1);
            progress.received(i + 1, 0);
        }

        // When
        OffsetAndMetadata commit = progress.commit(TotalsMetadata.MAX_LENGTH, false).offset();

        // Then
        assertThat(commit.offset()).isEqualTo(100);
        assertThat(TotalsMetadata.read(100, commit.metadata())).contains(new TotalsMetadata(BEFORE, OffsetRuns.NONE));
        progress.processed(slow, 1);
        assertThat(progress.commit(TotalsMetadata.MAX_LENGTH, false).offset()).isEqualTo(new OffsetAndMetadata(102,
                new TotalsMetadata(new Totals(12, 9, 3, 7_002), OffsetRuns.NONE).write(102)));
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void shouldCountEveryRecordOnceInAnyOrderOfFinishingAndAcrossCrashes(boolean countsReceived) {
        playEach(0, SOME_SEEDS, countsReceived);
    }

    @Tag("full")
    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void shouldCountEveryRecordOnceWithFurtherSeeds(boolean countsReceived) {
        playEach(SOME_SEEDS, SEEDS, countsReceived);
    }

    private static void playEach(int first, int end, boolean countsReceived) {
        Totals before = countsReceived ? BEFORE : new Totals(0, 7, 3, 7_000);
        for (long seed = first; seed < end; seed++) {
            play(new NaiveTracker(before, countsReceived, 0, 100), new Random(seed), 400, seed);
        }
    }

    @Test
    void shouldCountEveryRecordOnceByNameAsWell() {
        for (long seed = 0; seed < SOME_SEEDS; seed++) {
            // The names keep their room, so that little or nothing is left for what was finished out of order.
            play(new NaiveTracker(BEFORE, true, 300, 100), new Random(seed), 700, seed);
        }
    }

    /** @param metadata characters a commit's text may have at the most, half of the time; at the least 400 less */
    private static void play(NaiveTracker naive, Random random, int metadata, long seed) {
        int mostInWork = 1 << random.nextInt(10);
        for (int step = 0; step < 3_000; step++) {
            int maxMetadata = random.nextBoolean() ? Integer.MAX_VALUE : metadata - 400 + random.nextInt(400);
            naive.randomStep(random, mostInWork);
            if (random.nextInt(200) == 0) {
                naive.assertSame(maxMetadata, "seed %d, step %d".formatted(seed, step));
            }
            if (random.nextInt(300) == 0) {
                naive.comeBack(random);
                naive.assertSame(maxMetadata, "seed %d, step %d, after it came back".formatted(seed, step));
            }
            if (random.nextInt(300) == 0) {
                naive.crash(maxMetadata, random.nextBoolean());
                naive.assertSame(maxMetadata, "seed %d, step %d, after a crash".formatted(seed, step));
            }
        }
        naive.finishAll(random);
        naive.assertSame(Integer.MAX_VALUE, "seed %d, at its end".formatted(seed));
        assertThat(naive.counted()).as("seed %d", seed).isEqualTo(naive.everything());
    }
}
