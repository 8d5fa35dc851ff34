package io.orderstream.average;

/**
 * A record in work. Tells {@link PartitionProgress} which one is finished; has no other use to others.
 * <p>
 * It is also an element of a closed list, and carries the sums of the finished records between it and the next element.
 */
public final class InWork {

    final long offset;
    final long sinceNanos;
    long processed;
    long deadLettered;
    long moved;
    long revenueCents;
    boolean isMoving;
    InWork previous = this;
    InWork next = this;

    InWork(long offset, long sinceNanos) {
        this.offset = offset;
        this.sinceNanos = sinceNanos;
    }

    /** Offset of the record. */
    long offset() {
        return offset;
    }

    void insertBefore(InWork other) {
        previous = other.previous;
        next = other;
        previous.next = this;
        other.previous = this;
    }

    /** Leaves the list; its sums go to the element before. */
    void mergeIntoPrevious() {
        previous.processed += processed;
        previous.deadLettered += deadLettered;
        previous.moved += moved;
        previous.revenueCents += revenueCents;
        previous.next = next;
        next.previous = previous;
    }
}
