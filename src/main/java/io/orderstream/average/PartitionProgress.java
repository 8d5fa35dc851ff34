package io.orderstream.average;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jboss.logging.Logger;

import io.orderstream.kafka.OffsetRuns;

/**
 * How far one assigned partition has come: which records are in work, and the totals of those that are finished.
 * <p>
 * The records in work hang in a list in the order they were read, each with the totals of the finished ones between it and the
 * next. So a record is taken and finished in constant time, and however long one of them keeps the watermark back, memory is
 * needed for those in work only. The watermark is the offset of the first of them; everything before it is finished.
 * <p>
 * Not thread safe: confined to the event loop of its channel. Only {@link #isRevoked()} may be asked on any thread.
 */
public final class PartitionProgress {

    private static final Logger LOG = Logger.getLogger(PartitionProgress.class);

    private final RunningAverage average;
    private final int assignedGeneration;
    /** Both ends of the list; its totals are those of the records before the watermark, and of what was restored. */
    private final InWork ends;

    private OffsetRuns restored;
    private long nextOffset;
    private int inWork;
    private volatile boolean revoked;

    /** A record in work. Tells {@link PartitionProgress} which one is finished; has no other use to others. */
    public static final class InWork {

        private final long offset;
        private final long sinceNanos;
        private long processed;
        private long deadLettered;
        private long revenueCents;
        private InWork previous = this;
        private InWork next = this;

        private InWork(long offset, long sinceNanos) {
            this.offset = offset;
            this.sinceNanos = sinceNanos;
        }

        /** Offset of the record. */
        long offset() {
            return offset;
        }

        /** When it was taken, on the clock of {@link System#nanoTime()}. */
        long sinceNanos() {
            return sinceNanos;
        }
    }

    /**
     * @param average where each finished record is added up
     * @param offset the offset of the next record to be read
     * @param before what was committed with it
     * @param assignedGeneration generation of the consumer group in which the partition was assigned
     */
    PartitionProgress(RunningAverage average, long offset, TotalsMetadata before, int assignedGeneration) {
        this.average = average;
        this.assignedGeneration = assignedGeneration;
        this.restored = before.finished();
        this.nextOffset = offset;
        this.ends = new InWork(offset, 0);
        ends.processed = before.totals().processed();
        ends.deadLettered = before.totals().deadLettered();
        ends.revenueCents = before.totals().revenueCents();
    }

    /**
     * Tells whether a record belongs to this assignment. A batch that was already on its way when the partition was revoked and
     * assigned anew would otherwise leave a gap that looks finished.
     *
     * @param generation generation of the group in which the record was polled
     */
    public boolean accepts(int generation) {
        return !revoked && generation >= assignedGeneration;
    }

    /** Whether the partition was given away: what becomes of its records is no longer ours to say. */
    public boolean isRevoked() {
        return revoked;
    }

    /**
     * Takes a record into work.
     *
     * @param offset its offset, larger than those before unless the topic was truncated or made anew
     * @param nowNanos the time on the clock of {@link System#nanoTime()}
     * @return to be given back when it is finished; null if it was finished in an earlier run, and is not to be handled again
     */
    public InWork received(long offset, long nowNanos) {
        if (offset < nextOffset) {
            LOG.warnf("offsets went back, totals go on: expected=%d offset=%d", nextOffset, offset);
            restored = OffsetRuns.NONE;
        }
        nextOffset = offset + 1;
        if (restored.contains(offset)) {
            return null;
        }
        InWork record = new InWork(offset, nowNanos);
        record.previous = ends.previous;
        record.next = ends;
        ends.previous.next = record;
        ends.previous = record;
        inWork++;
        average.received();
        return record;
    }

    /**
     * Counts a record as processed.
     *
     * @param record what {@link #received(long, long)} gave
     * @param cents the record's amount
     */
    public void processed(InWork record, long cents) {
        if (!revoked) {
            average.processed(cents);
            record.processed++;
            record.revenueCents += cents;
            finish(record);
        }
    }

    /**
     * Counts a record as dead-lettered; its dead letter has been confirmed by the broker.
     *
     * @param record what {@link #received(long, long)} gave
     */
    public void deadLettered(InWork record) {
        if (!revoked) {
            average.deadLettered();
            record.deadLettered++;
            finish(record);
        }
    }

    private void finish(InWork record) {
        InWork before = record.previous;
        before.processed += record.processed;
        before.deadLettered += record.deadLettered;
        before.revenueCents += record.revenueCents;
        before.next = record.next;
        record.next.previous = before;
        inWork--;
    }

    /** The offset to commit: every record before it is finished. */
    public long watermark() {
        return inWork == 0 ? nextOffset : ends.next.offset;
    }

    /** Records taken and not finished. */
    int inWork() {
        return inWork;
    }

    /** The record that holds the watermark back, or null if none is in work. */
    InWork oldest() {
        return inWork == 0 ? null : ends.next;
    }

    /**
     * What to commit now. Takes a pass over the records in work.
     *
     * @param maxLength characters the metadata may have for records beyond the watermark to be listed
     */
    OffsetAndMetadata commit(int maxLength) {
        long watermark = watermark();
        String full = new TotalsMetadata(finished(), finishedBeyondWatermark()).write(watermark);
        if (full.length() <= maxLength) {
            return new OffsetAndMetadata(watermark, full);
        }
        // Less is listed, and less is counted. What was restored cannot be taken out of the totals any more; it did fit.
        OffsetRuns.Builder listed = new OffsetRuns.Builder();
        restored.addTo(listed, watermark);
        return new OffsetAndMetadata(watermark, new TotalsMetadata(totals(ends), listed.build()).write(watermark));
    }

    private OffsetRuns finishedBeyondWatermark() {
        OffsetRuns.Builder runs = new OffsetRuns.Builder();
        for (InWork record = ends.next; record != ends; record = record.next) {
            // What was never there between two records counts as finished: it will not come.
            runs.add(record.offset + 1, record.next == ends ? nextOffset : record.next.offset);
        }
        restored.addTo(runs, nextOffset);
        return runs.build();
    }

    private Totals finished() {
        Totals all = totals(ends);
        for (InWork record = ends.next; record != ends; record = record.next) {
            all = all.plus(totals(record));
        }
        return all;
    }

    private static Totals totals(InWork record) {
        return new Totals(record.processed + record.deadLettered, record.processed, record.deadLettered, record.revenueCents);
    }

    /** Everything this partition has added to the running average, records in work included. Takes a pass over those. */
    Totals contribution() {
        return finished().plus(new Totals(inWork, 0, 0, 0));
    }

    /** Gives the partition away: from now on nothing of it is counted here. */
    void revoke() {
        revoked = true;
    }
}
