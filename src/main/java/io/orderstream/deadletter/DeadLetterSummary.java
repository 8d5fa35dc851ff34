package io.orderstream.deadletter;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

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

    static DeadLetterSummary of(DeadLetterIndex.Snapshot index, boolean complete,
            Function<DeadLetter, DeadLetterStatus> status) {
        Map<String, List<IndexedDeadLetter>> entries = index.entries().stream()
                .collect(Collectors.groupingBy(IndexedDeadLetter::group));
        List<Group> groups = index.groups().stream()
                .map(counts -> group(counts, entries.getOrDefault(counts.reasonGroup(), List.of()), status))
                .sorted(LARGEST_FIRST).toList();
        int originals = index.kinds().values().stream().mapToInt(Integer::intValue).sum();
        return new DeadLetterSummary(complete, index.letters(), originals, index.entries(), index.kinds(), groups);
    }

    private static Group group(GroupCounts counts, List<IndexedDeadLetter> entries,
            Function<DeadLetter, DeadLetterStatus> status) {
        List<DeadLetterStatus> statuses = entries.stream().map(entry -> status.apply(entry.letter())).toList();
        return new Group(counts, Collections.frequency(statuses, DeadLetterStatus.OPEN),
                Collections.frequency(statuses, DeadLetterStatus.REDRIVEN),
                Collections.frequency(statuses, DeadLetterStatus.PARKED), entries.isEmpty() ? null : entries.get(0));
    }
}
