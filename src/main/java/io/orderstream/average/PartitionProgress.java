package io.orderstream.average;

import org.jboss.logging.Logger;

/**
 * How far one assigned partition has come: which records are in work, which are finished, and the totals of exactly those
 * before the first unfinished one.
 * <p>
 * Each record gets a ticket when it is taken. Tickets, not offsets, are counted through, because offsets have gaps
 * (compaction, transaction markers). Records finish in any order; the watermark is the offset behind the last record of the
 * unbroken run of finished ones, and it alone is committed.
 * <p>
 * Not thread safe: confined to the event loop of its channel. Only {@link #isRevoked()} may be asked on any thread.
 */
public final class PartitionProgress {

    private static final Logger LOG = Logger.getLogger(PartitionProgress.class);
    private static final long UNFINISHED = Long.MIN_VALUE;
    private static final long DEAD_LETTERED = Long.MIN_VALUE + 1;
    private static final int INITIAL_CAPACITY = 1024;

    private final RunningAverage average;
    private final int assignedGeneration;

    private long[] offsets = new long[INITIAL_CAPACITY];
    private long[] outcomes = new long[INITIAL_CAPACITY];
    private long firstTicket;
    private long nextTicket;

    private long watermark;
    private long nextOffset;
    private long received;
    private long processed;
    private long deadLettered;
    private long revenueCents;
    private volatile boolean revoked;

    /**
     * @param average where each finished record is added up
     * @param offset the offset of the next record to be read
     * @param before totals of the records before it
     * @param assignedGeneration generation of the consumer group in which the partition was assigned
     */
    PartitionProgress(RunningAverage average, long offset, Totals before, int assignedGeneration) {
        this.average = average;
        this.watermark = offset;
        this.nextOffset = offset;
        this.assignedGeneration = assignedGeneration;
        this.received = before.received();
        this.processed = before.processed();
        this.deadLettered = before.deadLettered();
        this.revenueCents = before.revenueCents();
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
     * @return its ticket
     */
    public long received(long offset) {
        if (nextTicket - firstTicket == offsets.length) {
            grow();
        }
        if (offset < nextOffset) {
            LOG.warnf("offsets went back, totals go on: expected=%d offset=%d", nextOffset, offset);
        }
        int slot = slot(nextTicket);
        offsets[slot] = offset;
        outcomes[slot] = UNFINISHED;
        nextOffset = offset + 1;
        average.received();
        return nextTicket++;
    }

    /**
     * Counts a record as processed.
     *
     * @param ticket what {@link #received(long)} gave
     * @param cents the record's amount
     */
    public void processed(long ticket, long cents) {
        if (!revoked) {
            average.processed(cents);
            finish(ticket, cents);
        }
    }

    /**
     * Counts a record as dead-lettered; its dead letter has been confirmed by the broker.
     *
     * @param ticket what {@link #received(long)} gave
     */
    public void deadLettered(long ticket) {
        if (!revoked) {
            average.deadLettered();
            finish(ticket, DEAD_LETTERED);
        }
    }

    private void finish(long ticket, long outcome) {
        outcomes[slot(ticket)] = outcome;
        while (firstTicket < nextTicket && outcomes[slot(firstTicket)] != UNFINISHED) {
            count(outcomes[slot(firstTicket)]);
            watermark = offsets[slot(firstTicket)] + 1;
            firstTicket++;
        }
    }

    private void count(long outcome) {
        received++;
        if (outcome == DEAD_LETTERED) {
            deadLettered++;
        } else {
            processed++;
            revenueCents += outcome;
        }
    }

    private void grow() {
        long[] moreOffsets = new long[offsets.length * 2];
        long[] moreOutcomes = new long[offsets.length * 2];
        for (long ticket = firstTicket; ticket < nextTicket; ticket++) {
            int target = (int) (ticket & (moreOffsets.length - 1));
            moreOffsets[target] = offsets[slot(ticket)];
            moreOutcomes[target] = outcomes[slot(ticket)];
        }
        offsets = moreOffsets;
        outcomes = moreOutcomes;
    }

    private int slot(long ticket) {
        return (int) (ticket & (offsets.length - 1));
    }

    /** The offset to commit: every record before it is finished. */
    public long watermark() {
        return watermark;
    }

    /** Records taken and not finished, and finished ones behind the first unfinished. */
    public long beyondWatermark() {
        return nextTicket - firstTicket;
    }

    /** Totals of exactly the records before {@link #watermark()}. */
    Totals totalsAtWatermark() {
        return new Totals(received, processed, deadLettered, revenueCents);
    }

    /** Everything this partition has added to the running average, records in work included. Takes a pass over those. */
    Totals contribution() {
        Totals all = new Totals(received + beyondWatermark(), processed, deadLettered, revenueCents);
        for (long ticket = firstTicket; ticket < nextTicket; ticket++) {
            long outcome = outcomes[slot(ticket)];
            if (outcome == DEAD_LETTERED) {
                all = all.plus(new Totals(0, 0, 1, 0));
            } else if (outcome != UNFINISHED) {
                all = all.plus(new Totals(0, 1, 0, outcome));
            }
        }
        return all;
    }

    /** Gives the partition away: from now on nothing of it is counted here. */
    void revoke() {
        revoked = true;
    }
}
