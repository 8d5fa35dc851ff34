package io.orderstream.deadletter;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Groups of dead letters by kind and reason. Their number is bounded, since reasons come from the data: beyond it
 * there is one group per kind. Guarded by the lock of its {@link DeadLetterIndex}.
 */
final class DeadLetterGroups {

    static final int MOST_GROUPS = 1_000;
    static final String OTHER_REASONS = "(other reasons)";

    private final Clock clock;
    private final Map<String, DeadLetterGroup> groups = new HashMap<>();

    DeadLetterGroups(Clock clock) {
        this.clock = clock;
    }

    /** Returns the group of a dead letter; a new one is kept only once an original record has joined it. */
    DeadLetterGroup of(DeadLetter letter) {
        String reason = letter.foldedReason();
        DeadLetterGroup own = groups.get(Reasons.groupId(letter.kind(), reason));
        if (own != null) {
            return own;
        }
        return make(letter.kind(), groups.size() < MOST_GROUPS ? reason : OTHER_REASONS);
    }

    private DeadLetterGroup make(String kind, String reason) {
        return groups.computeIfAbsent(Reasons.groupId(kind, reason), id -> new DeadLetterGroup(id, kind, reason, clock));
    }

    /** Removes an original record from a group, and the group with its last record. */
    void leave(DeadLetterGroup group, DeadLetter latest, int letters) {
        group.leave(latest, letters);
        if (group.count() == 0) {
            groups.remove(group.id());
        }
    }

    /** The counts of all groups. */
    List<GroupCounts> counts() {
        return groups.values().stream().map(DeadLetterGroup::counts).toList();
    }

    /** Original records per kind, including kinds without any. */
    SortedMap<String, Integer> kinds() {
        SortedMap<String, Integer> kinds = new TreeMap<>();
        DeadLetter.KINDS.forEach(kind -> kinds.put(kind, 0));
        groups.values().forEach(group -> kinds.merge(group.kind(), group.count(), Integer::sum));
        return kinds;
    }
}
