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

    long offset;
    long sinceNanos;
    Totals totals = Totals.ZERO;
    /** By name; null if none has one. */
    Tally tally;
    /** It goes to another topic: commits of such transactions count it as finished, others do not. */
    boolean isMoving;
    /** The pipeline has let go of it unfinished, because its partition was given away. */
    boolean isLeft;
    /** It is of a log there is no more, and finished records of its offset are those of another. */
    private boolean isOfOldLog;
    private Throwable rejection;
    private int attempts;
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

    /**
     * Notes that the record can never succeed, though it is let go before there is a dead letter: it need not be
     * handled again if its partition comes back.
     *
     * @param reason what a handler has failed with
     * @param after how many attempts
     */
    public void rejected(Throwable reason, int after) {
        rejection = reason;
        attempts = after;
    }

    /** What a handler has rejected the record with before it was let go; null if none has. */
    public Throwable rejection() {
        return rejection;
    }

    /** After how many attempts it was rejected. */
    public int attempts() {
        return attempts;
    }

    /** The lowest offset that may be committed while this one is in work. */
    long commitOffset() {
        return isOfOldLog ? offset + 1 : offset;
    }

    boolean isOfOldLog() {
        return isOfOldLog;
    }

    /** The log goes on anew at an offset that is not behind this one: from now on it is in work before all there. */
    void precede(long newOffset) {
        if (offset >= newOffset) {
            offset = newOffset - 1;
            isOfOldLog = true;
        }
    }

    /** It was let go, and has been read once more. */
    TrackedOffset takenAgain(long nowNanos) {
        isLeft = false;
        sinceNanos = nowNanos;
        return this;
    }

    /** Adds it, once it has left the list, to what the element before it carries by name. */
    void countByName(Count one) {
        if (!names.isEmpty()) {
            previous.tally = previous.tally == null ? new Tally() : previous.tally;
            previous.tally.add(names, one);
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
        // Most records are finished in their order, and carry none.
        if (totals != Totals.ZERO) {
            previous.totals = previous.totals.plus(totals);
        }
        previous.tally = Tally.sum(previous.tally, tally);
        previous.next = next;
        next.previous = previous;
    }
}
