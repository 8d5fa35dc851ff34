package io.orderstream.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

import io.orderstream.commit.OffsetTracker.PartitionCommit;
import io.orderstream.kafka.OffsetRuns;
import io.orderstream.totals.CountKey;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Tally;
import io.orderstream.totals.Tally.Count;
import io.orderstream.totals.Totals;
import io.orderstream.totals.TotalsMetadata;

/**
 * What {@link OffsetTracker} has to do, done the plain way: knows every record of the partition and what becomes of it, and
 * starts over for each question.
 */
final class NaiveTracker {

    private static final int HIGHEST_CENTS = 100_000;
    private static final int GENERATION = 4;
    private static final int NAMES = 9;

    private final Totals before;
    private final boolean countsReceived;
    private final int namesLength;
    private final NavigableMap<Long, Totals> outcomes = new TreeMap<>();
    private final SortedSet<Long> finished = new TreeSet<>();
    private final List<TrackedOffset> inWork = new ArrayList<>();
    private final List<TrackedOffset> moving = new ArrayList<>();
    /** Let go when the partition was given away, and not read again yet. */
    private final List<TrackedOffset> left = new ArrayList<>();
    private long nextOffset;
    /** Up to here all has been read once. */
    private long end;
    private RunningTotals average;
    private OffsetTracker actual;

    /** @param namesLength as {@link Counting#namesLength()}: if it is not zero, each record bears one of a few names */
    NaiveTracker(Totals before, boolean countsReceived, int namesLength, long start) {
        this.before = before;
        this.countsReceived = countsReceived;
        this.namesLength = namesLength;
        restart(start, new TotalsMetadata(before, OffsetRuns.NONE));
    }

    private void restart(long offset, TotalsMetadata committed) {
        inWork.clear();
        moving.clear();
        left.clear();
        nextOffset = offset;
        end = offset;
        average = new RunningTotals();
        actual = new OffsetTracker(new Counting(average, countsReceived, namesLength), offset, committed, GENERATION);
        average.assigned(actual.contribution());
    }

    /** Takes a record into work, or finishes one of those that are, on both sides. */
    void randomStep(Random random, int mostInWork) {
        if (random.nextInt(50) == 0) {
            transact(random.nextBoolean() ? Integer.MAX_VALUE : namesLength + random.nextInt(400)).forEach(this::noteMoved);
        } else if (inWork.size() < mostInWork && (inWork.isEmpty() || random.nextInt(5) < 3)) {
            readOne(random);
        } else if (!inWork.isEmpty()) {
            finishOne(random);
        }
    }

    private void readOne(Random random) {
        Entry<Long, Totals> record = outcomes.ceilingEntry(nextOffset);
        long offset = record == null ? append(random) : record.getKey();
        boolean isInWork = Stream.concat(inWork.stream(), moving.stream()).anyMatch(each -> each.offset == offset);
        nextOffset = offset + 1;
        end = Math.max(end, nextOffset);
        TrackedOffset taken = actual.received(offset, 0);
        actual.readUpTo(nextOffset, GENERATION);
        assertThat(taken == null).as("record %d is skipped", offset).isEqualTo(finished.contains(offset) || isInWork);
        left.remove(taken);
        if (taken != null) {
            inWork.add(taken);
        }
    }

    private long append(Random random) {
        long offset = end + (random.nextInt(10) == 0 ? random.nextInt(50) : 0);
        long received = countsReceived ? 1 : 0;
        outcomes.put(offset, switch (random.nextInt(5)) {
            case 0 -> new Totals(received, 0, 1, 0);
            case 1 -> new Totals(received, 0, 0, 0);
            default -> new Totals(received, 1, 0, random.nextInt(HIGHEST_CENTS) - 10);
        });
        return offset;
    }

    void finishAll(Random random) {
        while (outcomes.ceilingKey(nextOffset) != null) {
            readOne(random);
        }
        while (!inWork.isEmpty()) {
            finishOne(random);
        }
        transact(Integer.MAX_VALUE).forEach(this::noteMoved);
    }

    /** The records a transaction of this moment moves: all its commit covers, and none that its commit does not. */
    private List<TrackedOffset> transact(int maxMetadata) {
        PartitionCommit commit = actual.commit(maxMetadata, true);
        List<TrackedOffset> covered = moving.stream().filter(commit::covers).toList();
        SortedSet<Long> done = new TreeSet<>(finished);
        covered.forEach(record -> done.add(record.offset));
        assertCommit(commit.offset(), done, "in a transaction");
        return covered;
    }

    private void noteMoved(TrackedOffset record) {
        moving.remove(record);
        finished.add(record.offset);
        actual.moved(record);
    }

    private void finishOne(Random random) {
        int last = inWork.size() - 1;
        int chosen = random.nextInt(inWork.size());
        TrackedOffset record = inWork.set(chosen, inWork.get(last));
        inWork.remove(last);
        Totals outcome = outcomes.get(record.offset);
        if (outcome.processed() + outcome.deadLettered() == 0) {
            moving.add(record);
            record.isMoving = true;
            return;
        }
        finished.add(record.offset);
        record.named(names(record.offset));
        if (outcome.deadLettered() == 1) {
            actual.deadLettered(record);
        } else {
            actual.processed(record, outcome.amount());
        }
    }

    /** What is in memory is gone; what was committed last is all that is known, and reading starts there. */
    void crash(int maxMetadata, boolean inTransaction) {
        OffsetAndMetadata commit = actual.commit(maxMetadata, inTransaction).offset();
        if (inTransaction) {
            transact(maxMetadata).forEach(record -> finished.add(record.offset));
        }
        TotalsMetadata committed = TotalsMetadata.read(commit.offset(), commit.metadata()).orElseThrow();
        finished.removeIf(offset -> offset >= commit.offset() && !committed.finished().contains(offset));
        restart(commit.offset(), committed);
    }

    /**
     * The partition is given away and comes back, as it was committed at some time before: what is in memory goes on. Some of
     * what was in work is let go and read once more, some is finished while the partition is away, and some after it is back.
     */
    void comeBack(Random random) {
        average.revoked(actual.contribution());
        actual.revoke();
        long committed = watermark() - random.nextInt(50);
        letGo(inWork.stream().filter(record -> random.nextInt(3) == 0).toList());
        while (!inWork.isEmpty() && random.nextInt(5) > 0) {
            finishOne(random);
        }
        letGo(List.copyOf(moving));
        actual.resume(committed, GENERATION, true);
        average.assigned(actual.contribution());
        nextOffset = committed;
    }

    private void letGo(List<TrackedOffset> records) {
        records.forEach(actual::handedBack);
        inWork.removeAll(records);
        moving.removeAll(records);
        left.addAll(records);
    }

    void assertSame(int maxMetadata, String when) {
        assertThat(actual.watermark()).as("watermark, %s", when).isEqualTo(watermark());
        assertThat(actual.inWork()).as("records in work, %s", when).isEqualTo(inWork.size() + moving.size() + left.size());
        assertThat(actual.contribution()).as("contribution, %s", when)
                .isEqualTo(finishedTotals()
                        .plus(new Totals(countsReceived ? inWork.size() + moving.size() + left.size() : 0, 0, 0, 0)));
        assertThat(average.totals()).as("what the average was given, %s", when).isEqualTo(actual.contribution());
        assertThat(actual.tally()).as("by name, %s", when).isEqualTo(tally(finished));
        OffsetAndMetadata commit = actual.commit(maxMetadata, false).offset();
        assertThat(commit.offset()).isEqualTo(actual.watermark());
        SortedSet<Long> covered = assertCommit(commit, finished, when);
        if (maxMetadata == Integer.MAX_VALUE) {
            assertThat(covered).as("all that is finished is committed, %s", when).isEqualTo(finished);
        }
    }

    /** It covers nothing but what is done, and counts all it covers. */
    private SortedSet<Long> assertCommit(OffsetAndMetadata commit, SortedSet<Long> done, String when) {
        TotalsMetadata committed = TotalsMetadata.read(commit.offset(), commit.metadata()).orElseThrow();
        SortedSet<Long> covered = new TreeSet<>(outcomes.headMap(commit.offset()).keySet());
        outcomes.tailMap(commit.offset()).keySet().stream().filter(committed.finished()::contains).forEach(covered::add);
        SortedSet<Long> notDone = new TreeSet<>(covered);
        notDone.removeIf(done::contains);
        assertThat(notDone).as("what is committed as finished and is not, %s", when).isEmpty();
        assertThat(committed.totals()).as("committed totals, %s", when)
                .isEqualTo(covered.stream().map(outcomes::get).reduce(before, Totals::plus));
        assertThat(committed.names()).as("committed by name, %s", when).isEqualTo(tally(covered));
        return covered;
    }

    private List<CountKey> names(long offset) {
        return namesLength == 0 ? List.of()
                : List.of(new CountKey("kind", "k" + offset % NAMES), new CountKey("odd", "" + offset % 2));
    }

    private Tally tally(Collection<Long> offsets) {
        Tally tally = new Tally();
        for (long offset : offsets) {
            Totals outcome = outcomes.get(offset);
            if (outcome.processed() == 1) {
                tally.add(names(offset), new Count(1, 0, outcome.amount()));
            } else if (outcome.deadLettered() == 1) {
                tally.add(names(offset), new Count(0, 1, 0));
            }
        }
        return tally;
    }

    private long watermark() {
        return Stream.of(inWork, moving, left).flatMap(List::stream).mapToLong(record -> record.offset).min().orElse(end);
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
