package io.orderstream.commit;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import io.orderstream.commit.OffsetTracker.PartitionCommit;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Tally;
import io.orderstream.totals.TotalsMetadata;

/**
 * The partitions assigned to a channel: how far each has come, what was committed last, and which records are on their way to
 * another topic. A partition that was given away is remembered: if it comes back as this instance has committed it, nobody
 * else has, and it goes on where it stood. Not thread safe: confined to the event loop of the channel.
 */
final class AssignedPartitions {

    private static final Logger LOG = Logger.getLogger(AssignedPartitions.class);
    /** More partitions than one instance is given. */
    private static final int MOST_REMEMBERED = 1_000;
    /** Commits without an answer that are remembered: the first to fail may be there, those after it hardly. */
    private static final int MOST_UNANSWERED = 16;

    private final RunningTotals average;
    private final LostRecords lost;
    private final Map<TopicPartition, OffsetTracker> assigned = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    /** What the group may have as the last commit of each partition if all its commits are ours. */
    private final Map<TopicPartition, Set<OffsetAndMetadata>> ours = new HashMap<>();
    private final Map<TopicPartition, OffsetTracker> remembered = new LinkedHashMap<>();
    private final Set<RetryForward> moves = new LinkedHashSet<>();
    private int maxMetadata = TotalsMetadata.MAX_LENGTH;

    AssignedPartitions(RunningTotals average, LostRecords lost) {
        this.average = average;
        this.lost = lost;
    }

    void assign(Map<TopicPartition, RestoredPartition> restored) {
        restored.forEach((partition, found) -> {
            OffsetTracker before = remembered.remove(partition);
            boolean goesOn = before != null && isOurs(partition, found);
            OffsetTracker tracker = goesOn ? before : found.tracker();
            if (found.isSameLog() && found.isMoved()) {
                long from = found.committed().offset();
                lost.tell(partition, from, found.start(), tracker.unfinished(from, found.start()));
            }
            if (goesOn) {
                tracker.resume(found.start(), found.generation(), found.isSameLog());
                LOG.infof("partition goes on where it stood: partition=%s offset=%d inWork=%d", partition,
                        tracker.watermark(), tracker.inWork());
            } else {
                tracker.gone(0, found.start());
            }
            assigned.put(partition, tracker);
            committed.put(partition, goesOn || found.isMoved() ? found.committed()
                    : tracker.commit(maxMetadata, false).offset());
            ours.put(partition, new HashSet<>(Collections.singleton(found.committed())));
            average.assigned(tracker.contribution());
        });
    }

    /** Of those partitions that this instance had before, the offset of its last commit that was confirmed. */
    Map<TopicPartition, Long> confirmed(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> confirmed = new HashMap<>();
        for (TopicPartition partition : partitions) {
            // What was sent after it may be there, or not.
            ours.getOrDefault(partition, Set.of()).stream().mapToLong(commit -> commit == null ? 0 : commit.offset()).min()
                    .ifPresent(offset -> confirmed.put(partition, offset));
        }
        return confirmed;
    }

    /** With a topic that is made anew the broker deletes what was committed, and nobody can know more than this instance. */
    private boolean isOurs(TopicPartition partition, RestoredPartition found) {
        return ours.get(partition).contains(found.committed()) || !found.isSameLog() && found.committed() == null;
    }

    /** No call begins any more for partitions that are about to be given away. @return completes with the last call */
    CompletableFuture<Void> leave(Collection<TopicPartition> leaving) {
        return CompletableFuture.allOf(leaving.stream().map(assigned::get).filter(Objects::nonNull).map(OffsetTracker::leave)
                .toArray(CompletableFuture[]::new));
    }

    /**
     * What there is to commit of partitions that are given away. Its moves are no longer here: the last commit tells what
     * becomes of them.
     */
    FinalCommit last(Collection<TopicPartition> leaving) {
        FinalCommit last = new FinalCommit(due(leaving, true), due(leaving, false));
        sent(last.withoutMoves());
        last.withMoves().moves().forEach(moves::remove);
        return last;
    }

    /**
     * Gives a partition away, with what it has added to the average; its moves are not ours to make any more. It is remembered
     * until it is known who goes on with it.
     */
    void release(TopicPartition partition) {
        OffsetTracker progress = assigned.remove(partition);
        committed.remove(partition);
        if (progress != null) {
            progress.revoke();
            average.revoked(progress.contribution());
            List<RetryForward> dropped = moves.stream().filter(move -> move.progress() == progress).toList();
            dropped.forEach(moves::remove);
            dropped.forEach(RetryForward::left);
            remember(partition, progress);
        }
    }

    private void remember(TopicPartition partition, OffsetTracker progress) {
        remembered.put(partition, progress);
        if (remembered.size() > MOST_REMEMBERED) {
            TopicPartition eldest = remembered.keySet().iterator().next();
            remembered.remove(eldest);
            ours.remove(eldest);
        }
    }

    Set<TopicPartition> all() {
        return assigned.keySet();
    }

    /** @return null if the partition is not assigned */
    OffsetTracker progress(TopicPartition partition) {
        return assigned.get(partition);
    }

    List<PartitionState> states(long nowNanos) {
        return assigned.entrySet().stream()
                .map(entry -> PartitionState.of(entry.getKey(), entry.getValue(), nowNanos)).toList();
    }

    /** The finished records of all partitions by name. */
    Tally tally() {
        Tally all = new Tally();
        assigned.values().forEach(progress -> all.add(progress.tally()));
        return all;
    }

    void move(RetryForward move) {
        move.record().isMoving = true;
        moves.add(move);
    }

    /**
     * What there is to commit now.
     *
     * @param withMoves whether moves are to be part of it: as many as the committed texts cover
     */
    PendingCommit due(Collection<TopicPartition> partitions, boolean withMoves) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Map<TopicPartition, PartitionCommit> commits = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetTracker progress = assigned.get(partition);
            if (progress != null) {
                PartitionCommit now = progress.commit(maxMetadata, withMoves);
                commits.put(partition, now);
                if (!now.offset().equals(committed.get(partition))) {
                    offsets.put(partition, now.offset());
                }
            }
        }
        return new PendingCommit(offsets, withMoves ? covered(commits) : List.of());
    }

    private List<RetryForward> covered(Map<TopicPartition, PartitionCommit> commits) {
        return moves.stream().filter(move -> {
            PartitionCommit commit = commits.get(move.from());
            return commit != null && commit.covers(move.record());
        }).toList();
    }

    /** A commit without moves is on its way: it may be there, whatever becomes of the answer. */
    void sent(PendingCommit due) {
        due.offsets().forEach((partition, offset) -> {
            Set<OffsetAndMetadata> commits = ours.get(partition);
            if (commits != null && commits.size() <= MOST_UNANSWERED) {
                commits.add(offset);
            }
        });
    }

    /** The commit has succeeded, and with it the moves. */
    void committed(PendingCommit due) {
        due.offsets().forEach((partition, offset) -> {
            if (assigned.containsKey(partition)) {
                committed.put(partition, offset);
                ours.put(partition, new HashSet<>(Set.of(offset)));
            }
        });
        // Those of a partition that was given away meanwhile have been dropped.
        due.moves().stream().filter(moves::remove).forEach(RetryForward::made);
    }

    /**
     * The last commit of partitions that were given away has succeeded, and its moves are noted. One whose outcome nobody knew
     * is never told here: its moves were left, and must not be left out if the partition comes back with it.
     */
    void committedLast(PendingCommit last) {
        last.offsets().forEach((partition, offset) -> {
            if (remembered.containsKey(partition)) {
                ours.put(partition, new HashSet<>(Set.of(offset)));
            }
        });
    }

    /** The broker takes no record like this one: it is in work again. */
    void refused(RetryForward move, Throwable failure) {
        if (moves.remove(move)) {
            move.refused(failure);
        }
    }

    /** The broker takes no text as long as ours: from now on totals alone, which are short and still exact. */
    void listNothing() {
        maxMetadata = 0;
    }
}
