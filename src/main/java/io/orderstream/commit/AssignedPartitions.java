package io.orderstream.commit;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.commit.OffsetTracker.PartitionCommit;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Tally;
import io.orderstream.totals.TotalsMetadata;

/**
 * The partitions assigned to a channel: how far each has come, what was committed last, and which records are on their way to
 * another topic. Not thread safe: confined to the event loop of the channel.
 */
final class AssignedPartitions {

    private final RunningTotals average;
    private final Map<TopicPartition, OffsetTracker> assigned = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Set<RetryForward> moves = new LinkedHashSet<>();
    private int maxMetadata = TotalsMetadata.MAX_LENGTH;

    AssignedPartitions(RunningTotals average) {
        this.average = average;
    }

    void assign(Map<TopicPartition, OffsetTracker> restored) {
        restored.forEach((partition, progress) -> {
            assigned.put(partition, progress);
            committed.put(partition, progress.commit(maxMetadata, false).offset());
            average.assigned(progress.contribution());
        });
    }

    /**
     * What there is to commit of partitions that are given away. Its moves are no longer here: the last commit tells what
     * becomes of them.
     */
    FinalCommit last(Collection<TopicPartition> leaving) {
        FinalCommit last = new FinalCommit(due(leaving, true), due(leaving, false));
        last.withMoves().moves().forEach(moves::remove);
        return last;
    }

    /** Gives a partition away, with what it has added to the average; its moves are not ours to make any more. */
    void release(TopicPartition partition) {
        OffsetTracker progress = assigned.remove(partition);
        committed.remove(partition);
        if (progress != null) {
            progress.revoke();
            average.revoked(progress.contribution());
            List<RetryForward> dropped = moves.stream().filter(move -> move.progress() == progress).toList();
            dropped.forEach(moves::remove);
            dropped.forEach(RetryForward::left);
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

    /** The commit has succeeded, and with it the moves. */
    void committed(PendingCommit due) {
        due.offsets().forEach((partition, offset) -> {
            if (assigned.containsKey(partition)) {
                committed.put(partition, offset);
            }
        });
        // Those of a partition that was given away meanwhile have been dropped.
        due.moves().stream().filter(moves::remove).forEach(RetryForward::made);
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
