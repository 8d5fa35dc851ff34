package io.orderstream.totals;

/**
 * Running totals of those partitions of a pipeline that are assigned to this instance, across restarts.
 * <p>
 * When a partition is assigned, the totals committed with its offset are added; when it is revoked, its share is
 * subtracted. So the instances of a consumer group never count a record twice. Each step is O(1). Thread safe.
 */
public class RunningTotals {

    private long received;
    private long processed;
    private long deadLettered;
    private long amount;
    private long retries;
    /** What was counted by others, or before the start, as far as it is part of the totals. */
    private Totals brought = Totals.ZERO;

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

    /** Counts an attempt beyond a record's first, since the start of this instance; retries are never committed. */
    public synchronized void retried() {
        retries++;
    }

    public synchronized void assigned(Totals committed) {
        received += committed.received();
        processed += committed.processed();
        deadLettered += committed.deadLettered();
        amount += committed.amount();
        brought = brought.plus(committed);
    }

    public synchronized void revoked(Totals contribution) {
        received -= contribution.received();
        processed -= contribution.processed();
        deadLettered -= contribution.deadLettered();
        amount -= contribution.amount();
        brought = brought.minus(contribution);
    }

    /** Totals of the partitions assigned now. */
    public synchronized Totals totals() {
        return new Totals(received, processed, deadLettered, amount);
    }

    /** What this instance has counted since its start, also of partitions that it has no longer. */
    public synchronized Totals counted() {
        return totals().minus(brought);
    }

    /** Attempts beyond the first since the start of this instance. */
    public synchronized long retries() {
        return retries;
    }
}
