package io.orderstream.totals;

/**
 * What the partitions of a pipeline that are assigned to this instance have counted, in this run and in those before.
 * <p>
 * Each step is O(1). A partition that is assigned brings the totals that were committed with its offset, one that is revoked
 * takes its share away, so that instances of a group never count a record twice between them. Thread safe.
 */
public class RunningTotals {

    private long received;
    private long processed;
    private long deadLettered;
    private long amount;
    private long retries;

    public synchronized void received() {
        received++;
    }

    public synchronized void processed(long value) {
        processed++;
        amount += value;
    }

    public synchronized void deadLettered() {
        deadLettered++;
    }

    /** Counts one more attempt for a record that has failed. Counted since the start of this instance, never committed. */
    public synchronized void retried() {
        retries++;
    }

    public synchronized void assigned(Totals committed) {
        received += committed.received();
        processed += committed.processed();
        deadLettered += committed.deadLettered();
        amount += committed.amount();
    }

    public synchronized void revoked(Totals contribution) {
        received -= contribution.received();
        processed -= contribution.processed();
        deadLettered -= contribution.deadLettered();
        amount -= contribution.amount();
    }

    /** What this instance has counted, as of now. */
    public synchronized Totals totals() {
        return new Totals(received, processed, deadLettered, amount);
    }

    /** Attempts beyond the first since the start of this instance. */
    public synchronized long retries() {
        return retries;
    }
}
