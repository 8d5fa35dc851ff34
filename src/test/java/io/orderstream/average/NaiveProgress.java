package io.orderstream.average;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

import io.orderstream.average.PartitionProgress.InWork;
import io.orderstream.kafka.OffsetRuns;

/**
 * What {@link PartitionProgress} has to do, done the plain way: knows every record of the partition and what becomes of it, and
 * starts over for each question.
 */
final class NaiveProgress {

    private static final int HIGHEST_CENTS = 100_000;
    private static final int GENERATION = 4;

    private final Totals before;
    private final NavigableMap<Long, Totals> outcomes = new TreeMap<>();
    private final SortedSet<Long> finished = new TreeSet<>();
    private final List<InWork> inWork = new ArrayList<>();
    private long nextOffset;
    private RunningAverage average;
    private PartitionProgress actual;

    NaiveProgress(Totals before, long start) {
        this.before = before;
        restart(start, new TotalsMetadata(before, OffsetRuns.NONE));
    }

    private void restart(long offset, TotalsMetadata committed) {
        inWork.clear();
        nextOffset = offset;
        average = new RunningAverage();
        actual = new PartitionProgress(average, offset, committed, GENERATION);
        average.assigned(actual.contribution());
    }

    /** Takes a record into work, or finishes one of those that are, on both sides. */
    void randomStep(Random random, int mostInWork) {
        if (inWork.size() < mostInWork && (inWork.isEmpty() || random.nextInt(5) < 3)) {
            readOne(random);
        } else {
            finishOne(random);
        }
    }

    private void readOne(Random random) {
        Entry<Long, Totals> record = outcomes.ceilingEntry(nextOffset);
        long offset = record == null ? append(random) : record.getKey();
        nextOffset = offset + 1;
        InWork taken = actual.received(offset, 0);
        assertThat(taken == null).as("record %d is skipped", offset).isEqualTo(finished.contains(offset));
        if (taken != null) {
            inWork.add(taken);
        }
    }

    private long append(Random random) {
        long offset = nextOffset + (random.nextInt(10) == 0 ? random.nextInt(50) : 0);
        outcomes.put(offset, random.nextInt(4) == 0 ? new Totals(1, 0, 1, 0)
                : new Totals(1, 1, 0, random.nextInt(HIGHEST_CENTS) - 10));
        return offset;
    }

    void finishAll(Random random) {
        while (outcomes.ceilingKey(nextOffset) != null) {
            readOne(random);
        }
        while (!inWork.isEmpty()) {
            finishOne(random);
        }
    }

    private void finishOne(Random random) {
        int last = inWork.size() - 1;
        int chosen = random.nextInt(inWork.size());
        InWork record = inWork.set(chosen, inWork.get(last));
        inWork.remove(last);
        finished.add(record.offset());
        Totals outcome = outcomes.get(record.offset());
        if (outcome.deadLettered() == 1) {
            actual.deadLettered(record);
        } else {
            actual.processed(record, outcome.revenueCents());
        }
    }

    /** What is in memory is gone; what was committed last is all that is known, and reading starts there. */
    void crash(int maxMetadata) {
        OffsetAndMetadata commit = actual.commit(maxMetadata);
        TotalsMetadata committed = TotalsMetadata.read(commit.offset(), commit.metadata()).orElseThrow();
        finished.removeIf(offset -> offset >= commit.offset() && !committed.finished().contains(offset));
        restart(commit.offset(), committed);
    }

    void assertSame(int maxMetadata, String when) {
        assertThat(actual.watermark()).as("watermark, %s", when).isEqualTo(watermark());
        assertThat(actual.inWork()).as("records in work, %s", when).isEqualTo(inWork.size());
        assertThat(actual.contribution()).as("contribution, %s", when)
                .isEqualTo(finishedTotals().plus(new Totals(inWork.size(), 0, 0, 0)));
        assertThat(average.totals()).as("what the average was given, %s", when).isEqualTo(actual.contribution());
        OffsetAndMetadata commit = actual.commit(maxMetadata);
        TotalsMetadata committed = TotalsMetadata.read(commit.offset(), commit.metadata()).orElseThrow();
        assertThat(commit.offset()).isEqualTo(actual.watermark());
        SortedSet<Long> covered = new TreeSet<>(outcomes.headMap(commit.offset()).keySet());
        outcomes.tailMap(commit.offset()).keySet().stream().filter(committed.finished()::contains).forEach(covered::add);
        assertThat(finished).as("what is committed as finished, %s", when).containsAll(covered);
        assertThat(committed.totals()).as("committed totals, %s", when)
                .isEqualTo(covered.stream().map(outcomes::get).reduce(before, Totals::plus));
        if (maxMetadata == Integer.MAX_VALUE) {
            assertThat(covered).as("all that is finished is committed, %s", when).isEqualTo(finished);
        }
    }

    private long watermark() {
        return inWork.stream().mapToLong(InWork::offset).min().orElse(nextOffset);
    }

    private Totals finishedTotals() {
        return finished.stream().map(outcomes::get).reduce(before, Totals::plus);
    }

    /** Every record there is, finished once. */
    Totals everything() {
        return outcomes.values().stream().reduce(before, Totals::plus);
    }

    Totals counted() {
        return average.totals();
    }
}
