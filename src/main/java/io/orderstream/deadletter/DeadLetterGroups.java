package io.orderstream.deadletter;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The groups of an index. Reasons come from the data, so their number is bounded: what is beyond goes to one group per kind.
 * Confined to the lock of its {@link DeadLetterIndex}.
 */
final class DeadLetterGroups {

    static final int MOST_GROUPS = 1_000;
    static final String OTHER_REASONS = "(other reasons)";

    private final Clock clock;
    private final Map<String, DeadLetterGroup> groups = new HashMap<>();

    DeadLetterGroups(Clock clock) {
        this.clock = clock;
    }

    /** The group a letter belongs to; it is kept once an original has joined it. */
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

    /** An original has gone from a group: the last one takes the group with it. */
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

    /** Originals per kind, of every kind there can be. */
    SortedMap<String, Integer> kinds() {
        SortedMap<String, Integer> kinds = new TreeMap<>();
        DeadLetter.KINDS.forEach(kind -> kinds.put(kind, 0));
        groups.values().forEach(group -> kinds.merge(group.kind(), group.count(), Integer::sum));
        return kinds;
    }
}
