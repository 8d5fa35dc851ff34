package io.orderstream.commit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jboss.logging.Logger;

import io.orderstream.kafka.OffsetRuns;
import io.orderstream.totals.Tally;
import io.orderstream.totals.Tally.Count;
import io.orderstream.totals.Totals;
import io.orderstream.totals.TotalsMetadata;

/**
 * How far one assigned partition has come: which records are in work, and the totals of those that are finished.
 * <p>
 * The records in work hang in a list in the order they were read, each with the totals of the finished ones between it and the
 * next. So a record is taken and finished in constant time, and however long one of them keeps the watermark back, memory is
 * needed for those in work only. The watermark is the offset of the first of them; everything before it is finished.
 * <p>
 * A partition that was given away is not counted here any more, but what becomes of its records is noted all the same: if it
 * comes back and nobody has committed meanwhile, it goes on with all that, and not with what the last commit says.
 * <p>
 * Not thread safe: confined to the event loop of its channel. Only {@link #isRevoked()} and {@link #isLeaving()} may be
 * asked on any thread.
 */
public final class OffsetTracker {

    private static final Logger LOG = Logger.getLogger(OffsetTracker.class);
    private static final long NO_REPLAY = Long.MIN_VALUE;

    private final Counting counting;
    private int assignedGeneration;
    /** Both ends of the list; its totals are those of the records before the watermark, and of what was restored. */
    private final TrackedOffset ends;

    private OffsetRuns restored;
    private long nextOffset;
    private int inWork;
    private volatile boolean revoked;
    /** Handler calls and dead letters under way. */
    private int calls;
    /** Completes with the last call, once the partition is about to be given away; null before. */
    private volatile CompletableFuture<Void> leaving;
    /** What the partition came back with that was not finished, by offset: records up to the end are read once more. */
    private Map<Long, TrackedOffset> replayed = Map.of();
    private long replayNext;
    private long replayEnd = NO_REPLAY;
    /** What was deleted before it was read, once all before is taken. */
    private long goneFrom;
    private long goneEnd;

    /**
     * What is to be committed for a partition.
     *
     * @param offset the watermark, and the text with it
     * @param isListed whether the text also covers what is finished beyond the watermark
     */
    record PartitionCommit(OffsetAndMetadata offset, boolean isListed) {

        /** Whether a record that counts as finished is finished for whoever reads this commit. */
        boolean covers(TrackedOffset record) {
            return isListed || record.offset < offset.offset();
        }
    }

    /**
     * @param counting how its records are counted
     * @param offset the offset of the next record to be read
     * @param before what was committed with it
     * @param assignedGeneration generation of the consumer group in which the partition was assigned
     */
    OffsetTracker(Counting counting, long offset, TotalsMetadata before, int assignedGeneration) {
        this.counting = counting;
        this.assignedGeneration = assignedGeneration;
        this.restored = before.finished();
        this.nextOffset = offset;
        this.ends = new TrackedOffset(offset, 0);
        Totals known = before.totals();
        ends.totals = totals(known.received(), known.processed(), known.deadLettered(), known.amount());
        ends.tally = before.names().isEmpty() ? null : before.names();
    }

    /**
     * Tells whether a record belongs to this assignment. A batch that was already on its way when the partition was revoked and
     * assigned anew would otherwise leave a gap that looks finished.
     *
     * @param generation generation of the group in which the record was polled
     */
    public boolean accepts(int generation) {
        return !isLeaving() && generation >= assignedGeneration;
    }

    /** A handler call or a dead letter begins. */
    public void callBegins() {
        calls++;
    }

    /** It has ended, and what becomes of its record is noted. */
    public void callEnds() {
        calls--;
        completeIfIdle();
    }

    private void completeIfIdle() {
        if (calls == 0 && leaving != null) {
            leaving.complete(null);
        }
    }

    /**
     * The partition is about to be given away: from now on no record of it is taken and no call begins.
     *
     * @return completes when the calls under way have ended
     */
    CompletableFuture<Void> leave() {
        leaving = new CompletableFuture<>();
        completeIfIdle();
        return leaving;
    }

    /** Whether the partition is about to be given away, or has been: no call may begin. */
    public boolean isLeaving() {
        return leaving != null || revoked;
    }

    /** Whether the partition was given away: what becomes of its records is no longer ours to say. */
    public boolean isRevoked() {
        return revoked;
    }

    /**
     * Takes a record into work.
     *
     * @param offset its offset, larger than those before unless the topic was truncated or made anew
     * @param sinceNanos from when on its age counts, on the clock of {@link System#nanoTime()}
     * @return to be given back when it is finished; null if it is not to be handled: it was finished before, or is in work
     */
    public TrackedOffset received(long offset, long sinceNanos) {
        if (offset < nextOffset) {
            if (offset >= replayNext && offset < replayEnd) {
                return receivedAgain(offset, sinceNanos);
            }
            goBack(offset);
        }
        nextOffset = offset + 1;
        if (restored.contains(offset)) {
            return null;
        }
        TrackedOffset record = new TrackedOffset(offset, sinceNanos);
        record.insertBefore(ends);
        inWork++;
        if (counting.isReceived()) {
            counting.totals().received();
        }
        return record;
    }

    private TrackedOffset receivedAgain(long offset, long sinceNanos) {
        replayNext = offset + 1;
        TrackedOffset known = replayed.get(offset);
        return known != null && known.isLeft ? known.takenAgain(sinceNanos) : null;
    }

    /** What is still in work stays so, and is counted, but its offsets are those of other records from now on. */
    private void goBack(long offset) {
        LOG.warnf("offsets went back, totals go on: expected=%d offset=%d", nextOffset, offset);
        restored = OffsetRuns.NONE;
        endReplay();
        goneEnd = 0;
        for (TrackedOffset record = ends.next; record != ends; record = record.next) {
            record.precede(offset);
        }
    }

    /** What was let go and has not been read again is gone. */
    private void endReplay() {
        replayEnd = NO_REPLAY;
        replayed.values().stream().filter(record -> record.isLeft).forEach(this::forget);
        replayed = Map.of();
    }

    /** Nobody will handle this record any more. */
    private void forget(TrackedOffset record) {
        record.isLeft = false;
        record.mergeIntoPrevious();
        inWork--;
        if (!revoked) {
            counting.totals().revoked(totals(1, 0, 0, 0));
        }
    }

    /**
     * Notes that a poll has read up to here: what lies between its last record and this offset, such as the mark of a
     * transaction's end, is no record and will never come.
     *
     * @param generation generation of the group in which it was polled
     */
    public void readUpTo(long offset, int generation) {
        if (accepts(generation)) {
            nextOffset = Math.max(nextOffset, offset);
            if (offset >= replayEnd && replayEnd != NO_REPLAY) {
                endReplay();
            }
            passOverWhatIsGone();
        }
    }

    /** Notes that the records from here up to another offset were deleted before they were polled: none of them will come. */
    void gone(long from, long to) {
        goneFrom = from;
        goneEnd = to;
        passOverWhatIsGone();
    }

    private void passOverWhatIsGone() {
        if (nextOffset >= goneFrom) {
            nextOffset = Math.max(nextOffset, goneEnd);
        }
    }

    /**
     * Counts a record as processed.
     *
     * @param record what {@link #received(long, long)} gave
     * @param amount the record's amount
     */
    public void processed(TrackedOffset record, long amount) {
        if (!revoked) {
            counting.totals().processed(amount);
        }
        finish(record, totals(1, 1, 0, amount));
        record.countByName(new Count(1, 0, amount));
    }

    /**
     * Counts a record as dead-lettered; its dead letter has been confirmed by the broker.
     *
     * @param record what {@link #received(long, long)} gave
     */
    public void deadLettered(TrackedOffset record) {
        if (!revoked) {
            counting.totals().deadLettered();
        }
        finish(record, totals(1, 0, 1, 0));
        record.countByName(new Count(0, 1, 0));
    }

    /** Counts a record as received only: it has been moved to another topic, and is finished there. */
    void moved(TrackedOffset record) {
        finish(record, totals(1, 0, 0, 0));
    }

    /**
     * Notes that a record is let go unfinished, because its partition was given away or the application stops: whoever reads it
     * next handles it.
     *
     * @param record what {@link #received(long, long)} gave
     */
    public void handedBack(TrackedOffset record) {
        record.isMoving = false;
        if (record.isOfOldLog()) {
            forget(record);
        } else {
            record.isLeft = true;
        }
    }

    private void finish(TrackedOffset record, Totals counted) {
        record.mergeIntoPrevious();
        record.previous.totals = record.previous.totals.plus(counted);
        inWork--;
    }

    /** The offset to commit: every record before it is finished. */
    public long watermark() {
        return inWork == 0 ? nextOffset : ends.next.commitOffset();
    }

    /** Records taken and not finished. */
    int inWork() {
        return inWork;
    }

    /** How long the longest has been in work; zero if none is. Takes a pass over the records in work. */
    Duration oldestAge(long nowNanos) {
        long longest = 0;
        for (TrackedOffset record = ends.next; record != ends; record = record.next) {
            longest = Math.max(longest, nowNanos - record.sinceNanos);
        }
        return Duration.ofNanos(longest);
    }

    /**
     * What to commit now. Takes a pass over the records in work.
     *
     * @param maxLength characters the metadata may have for records beyond the watermark to be listed
     * @param withMoves whether those that are moving count as finished: for a commit in the transaction that moves them
     */
    PartitionCommit commit(int maxLength, boolean withMoves) {
        OffsetRuns.Builder runs = new OffsetRuns.Builder();
        TrackedOffset first = ends;
        Totals before = ends.totals;
        Totals all = before;
        for (TrackedOffset record = ends.next; record != ends; record = record.next) {
            boolean isFinished = withMoves && record.isMoving;
            all = all.plus(record.totals);
            all = isFinished ? all.plus(totals(1, 0, 0, 0)) : all;
            if (first == ends && isFinished) {
                before = all;
                continue;
            }
            first = first == ends ? record : first;
            // What was never there between two records counts as finished: it will not come.
            runs.add(isFinished ? record.offset : record.offset + 1,
                    record.next == ends ? nextOffset : record.next.commitOffset());
        }
        restored.addTo(runs, nextOffset);
        long watermark = first == ends ? nextOffset : first.commitOffset();
        int namesLength = Math.min(counting.namesLength(), maxLength);
        OffsetRuns finished = runs.build();
        // Counts by name have their room whether they need it or not: what is listed now has to fit when they have grown.
        if (finished.leastLength() <= maxLength - namesLength
                && new TotalsMetadata(all, finished).write(watermark).length() <= maxLength - namesLength) {
            return new PartitionCommit(text(watermark, new TotalsMetadata(all, ends.names(ends), finished), namesLength), true);
        }
        // Less is listed, and less is counted. What was restored cannot be taken out of the totals any more; it did fit.
        OffsetRuns.Builder listed = new OffsetRuns.Builder();
        restored.addTo(listed, watermark);
        return new PartitionCommit(text(watermark, new TotalsMetadata(before, ends.names(first), listed.build()), namesLength),
                false);
    }

    private static OffsetAndMetadata text(long watermark, TotalsMetadata metadata, int namesLength) {
        return new OffsetAndMetadata(watermark, metadata.write(watermark, namesLength));
    }

    /** All finished records by name. Takes a pass over the records in work. */
    Tally tally() {
        return ends.names(ends);
    }

    private Totals totals(long received, long processed, long deadLettered, long amount) {
        return new Totals(counting.isReceived() ? received : 0, processed, deadLettered, amount);
    }

    /** Everything this partition has added to the running average, records in work included. Takes a pass over those. */
    Totals contribution() {
        Totals all = ends.totals.plus(totals(inWork, 0, 0, 0));
        for (TrackedOffset record = ends.next; record != ends; record = record.next) {
            all = all.plus(record.totals);
        }
        return all;
    }

    /**
     * How many of these offsets have neither been finished nor are in work. Takes a pass over the records in work.
     *
     * @param from at least the offset committed last
     * @param to exclusive
     */
    long unfinished(long from, long to) {
        long unread = Math.max(from, nextOffset);
        long count = Math.max(0, to - unread)
                - restored.offsets().filter(offset -> offset >= unread && offset < to).count();
        for (TrackedOffset record = ends.next; record != ends; record = record.next) {
            count += record.isLeft && record.offset >= from && record.offset < to ? 1 : 0;
        }
        return count;
    }

    /** Gives the partition away: from now on nothing of it is counted here. */
    void revoke() {
        revoked = true;
    }

    /**
     * The partition is back, and nobody has committed meanwhile. What has been read is read once more, and left out but for
     * what was let go.
     *
     * @param offset the offset of the next record to be read
     * @param generation generation of the consumer group in which it was assigned
     * @param isSameLog false if it has other records now: the totals go on with them, and nothing is read once more
     */
    void resume(long offset, int generation, boolean isSameLog) {
        assignedGeneration = generation;
        leaving = null;
        replayed = new HashMap<>();
        for (TrackedOffset record = ends.next; record != ends; record = record.next) {
            if (!record.isOfOldLog()) {
                replayed.put(record.offset, record);
            }
        }
        replayNext = offset;
        replayEnd = nextOffset;
        if (!isSameLog) {
            goBack(offset);
            nextOffset = offset;
        } else if (offset >= nextOffset) {
            endReplay();
            nextOffset = offset;
        }
        revoked = false;
    }
}
