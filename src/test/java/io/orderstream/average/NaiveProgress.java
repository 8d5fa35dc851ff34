package io.orderstream.average;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What {@link PartitionProgress} has to do, done the plain way: remembers every record and starts over for each question. */
final class NaiveProgress {

    private static final int HIGHEST_CENTS = 100_000;

    private final Totals before;
    private final long start;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> inWork = new ArrayList<>();
    private long nextOffset;

    NaiveProgress(Totals before, long start) {
        this.before = before;
        this.start = start;
        this.nextOffset = start;
    }

    /** Takes a record into work or finishes one of those that are, on both sides. */
    void randomStep(PartitionProgress actual, Random random, int mostInWork) {
        if (inWork.size() < mostInWork && (inWork.isEmpty() || random.nextInt(5) < 3)) {
            long offset = nextOffset + (random.nextInt(10) == 0 ? random.nextInt(50) : 0);
            nextOffset = offset + 1;
            Entry entry = new Entry(offset, actual.received(offset));
            entries.add(entry);
            inWork.add(entry);
        } else {
            finishOne(actual, random);
        }
    }

    void finishAll(PartitionProgress actual, Random random) {
        while (!inWork.isEmpty()) {
            finishOne(actual, random);
        }
    }

    private void finishOne(PartitionProgress actual, Random random) {
        int last = inWork.size() - 1;
        int chosen = random.nextInt(inWork.size());
        Entry entry = inWork.get(chosen);
        inWork.set(chosen, inWork.get(last));
        inWork.remove(last);
        if (random.nextInt(4) == 0) {
            entry.outcome = new Totals(1, 0, 1, 0);
            actual.deadLettered(entry.ticket);
        } else {
            long cents = random.nextInt(HIGHEST_CENTS) - 10;
            entry.outcome = new Totals(1, 1, 0, cents);
            actual.processed(entry.ticket, cents);
        }
    }

    void assertSame(PartitionProgress actual, RunningAverage given, String when) {
        assertThat(actual.watermark()).as("watermark, %s", when).isEqualTo(watermark());
        assertThat(actual.totalsAtWatermark()).as("totals at the watermark, %s", when).isEqualTo(totalsAtWatermark());
        assertThat(actual.beyondWatermark()).as("records beyond the watermark, %s", when)
                .isEqualTo(entries.size() - finishedRun());
        assertThat(actual.contribution()).as("contribution, %s", when).isEqualTo(all());
        assertThat(given.totals()).as("what the average was given, %s", when).isEqualTo(all());
    }

    private int finishedRun() {
        int run = 0;
        while (run < entries.size() && entries.get(run).outcome != null) {
            run++;
        }
        return run;
    }

    private long watermark() {
        int run = finishedRun();
        return run == 0 ? start : entries.get(run - 1).offset + 1;
    }

    private Totals totalsAtWatermark() {
        return entries.subList(0, finishedRun()).stream().map(entry -> entry.outcome).reduce(before, Totals::plus);
    }

    private Totals all() {
        return entries.stream().map(entry -> entry.outcome == null ? new Totals(1, 0, 0, 0) : entry.outcome)
                .reduce(before, Totals::plus);
    }

    private static final class Entry {

        private final long offset;
        private final long ticket;
        private Totals outcome;

        Entry(long offset, long ticket) {
            this.offset = offset;
            this.ticket = ticket;
        }
    }
}
