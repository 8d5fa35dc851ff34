package io.orderstream.deadletter;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Summary of all dead letters.
 *
 * @param complete whether all dead-letter topics have been read to their end
 * @param letters number of dead letters, duplicates and repeated failures of a record included
 * @param originals number of original records
 * @param entries entries that can be listed, newest first
 * @param kinds original records per kind
 * @param groups groups by kind and reason, largest first
 */
public record DeadLetterSummary(boolean complete, long letters, int originals, List<IndexedDeadLetter> entries,
        SortedMap<String, Integer> kinds, List<Group> groups) {

    private static final Comparator<Group> LARGEST_FIRST = Comparator.comparingInt((Group group) -> -group.counts().count())
            .thenComparing(group -> group.counts().lastSeen(), Comparator.reverseOrder());

    /**
     * Dead letters of the same kind and reason.
     *
     * @param counts counts of all its dead letters
     * @param open listed entries with this status
     * @param redriven listed entries with this status
     * @param parked listed entries with this status
     * @param sample its newest entry, null if none is listed any more
     */
    public record Group(GroupCounts counts, int open, int redriven, int parked, IndexedDeadLetter sample) {
    }

    /** Accumulates the entries of one group. */
    private static final class Tally {

        private final Map<DeadLetterStatus, Integer> statuses = new EnumMap<>(DeadLetterStatus.class);
        private IndexedDeadLetter newest;

        private void add(IndexedDeadLetter entry, DeadLetterStatus status) {
            newest = newest == null ? entry : newest;
            statuses.merge(status, 1, Integer::sum);
        }

        private Group group(GroupCounts counts) {
            return new Group(counts, of(DeadLetterStatus.OPEN), of(DeadLetterStatus.REDRIVEN), of(DeadLetterStatus.PARKED),
                    newest);
        }

        private int of(DeadLetterStatus status) {
            return statuses.getOrDefault(status, 0);
        }
    }

    static DeadLetterSummary of(DeadLetterIndex.Snapshot index, boolean complete,
            Function<DeadLetter, DeadLetterStatus> status) {
        Map<String, Tally> tallies = new HashMap<>();
        index.entries().forEach(entry -> tallies.computeIfAbsent(entry.group(), id -> new Tally()).add(entry,
                status.apply(entry.letter())));
        List<Group> groups = index.groups().stream()
                .map(counts -> tallies.getOrDefault(counts.reasonGroup(), new Tally()).group(counts))
                .sorted(LARGEST_FIRST).toList();
        int originals = index.kinds().values().stream().mapToInt(Integer::intValue).sum();
        return new DeadLetterSummary(complete, index.letters(), originals, index.entries(), index.kinds(), groups);
    }
}
