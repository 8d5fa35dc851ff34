package io.orderstream.commit;

import java.util.List;

import io.orderstream.totals.CountKey;
import io.orderstream.totals.Tally;
import io.orderstream.totals.Tally.Count;
import io.orderstream.totals.Totals;

/**
 * A record in work. Tells {@link OffsetTracker} which one is finished; has no other use to others.
 * <p>
 * It is also an element of a closed list, and carries the sums of the finished records between it and the next element.
 */
public final class TrackedOffset {

    final long offset;
    final long sinceNanos;
    Totals totals = Totals.ZERO;
    /** By name; null if none has one. */
    Tally tally;
    /** It goes to another topic: commits of such transactions count it as finished, others do not. */
    boolean isMoving;
    private List<CountKey> names = List.of();
    TrackedOffset previous = this;
    TrackedOffset next = this;

    TrackedOffset(long offset, long sinceNanos) {
        this.offset = offset;
        this.sinceNanos = sinceNanos;
    }

    /** Says under which names the record is to be counted as well; to be called before it is finished. */
    public void named(List<CountKey> recordNames) {
        names = recordNames;
    }

    void countByName(Count one) {
        if (!names.isEmpty()) {
            tally = tally == null ? new Tally() : tally;
            tally.add(names, one);
        }
    }

    /** The sums by name that are carried from here on up to another element, or, up to this one, by all. */
    Tally names(TrackedOffset end) {
        Tally names = new Tally();
        TrackedOffset element = this;
        do {
            if (element.tally != null) {
                names.add(element.tally);
            }
            element = element.next;
        } while (element != end && element != this);
        return names;
    }

    void insertBefore(TrackedOffset other) {
        previous = other.previous;
        next = other;
        previous.next = this;
        other.previous = this;
    }

    /** Leaves the list; its sums go to the element before. */
    void mergeIntoPrevious() {
        previous.totals = previous.totals.plus(totals);
        previous.tally = Tally.sum(previous.tally, tally);
        previous.next = next;
        next.previous = previous;
    }
}
