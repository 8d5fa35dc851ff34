package io.orderstream.deadletter;

import java.time.Clock;
import java.time.Instant;
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

    private static final int MOST_GROUPS = 1_000;
    private static final String OTHER_REASONS = "(other reasons)";

    private final Clock clock;
    private final Map<String, Group> groups = new HashMap<>();

    DeadLetterGroups(Clock clock) {
        this.clock = clock;
    }

    /** Returns the group of a dead letter; a new one is kept only once an original record has joined it. */
    Group of(DeadLetter letter) {
        boolean isOwn = groups.size() < MOST_GROUPS || groups.containsKey(letter.reasonGroup());
        String reason = isOwn ? letter.foldedReason() : OTHER_REASONS;
        return groups.computeIfAbsent(Reasons.groupId(letter.kind(), reason), id -> new Group(id, letter.kind(), reason));
    }

    void clear() {
        groups.clear();
    }

    /** The counts of all groups. */
    List<GroupCounts> counts() {
        return groups.values().stream().map(Group::counts).toList();
    }

    /** Original records per kind, including kinds without any. */
    SortedMap<String, Integer> kinds() {
        SortedMap<String, Integer> kinds = new TreeMap<>();
        DeadLetter.KINDS.forEach(kind -> kinds.put(kind, 0));
        groups.values().forEach(group -> kinds.merge(group.kind, group.count, Integer::sum));
        return kinds;
    }

    /** Running counts of dead letters of one kind and folded reason. */
    final class Group {

        private final String id;
        private final String kind;
        private final String reason;
        private final SortedMap<String, Integer> topics = new TreeMap<>();
        private final Trend.Meter meter = new Trend.Meter();
        private int count;
        private long letters;
        private Instant firstSeen = Instant.MAX;
        private Instant lastSeen = Instant.MIN;

        private Group(String id, String kind, String reason) {
            this.id = id;
            this.kind = kind;
            this.reason = reason;
        }

        String id() {
            return id;
        }

        /** Adds an original record with all its dead letters, the latest of which is new. */
        void join(DeadLetter latest, int itsLetters) {
            count++;
            topics.merge(latest.topic(), 1, Integer::sum);
            letters += itsLetters;
            firstSeen = latest.at().isBefore(firstSeen) ? latest.at() : firstSeen;
            lastSeen = latest.at().isAfter(lastSeen) ? latest.at() : lastSeen;
            meter.count(latest.at(), clock.instant());
        }

        /** Removes an original record with all its dead letters, and the group with its last record. */
        void leave(DeadLetter latest, int itsLetters) {
            count--;
            topics.computeIfPresent(latest.topic(), (topic, originals) -> originals == 1 ? null : originals - 1);
            letters -= itsLetters;
            if (count == 0) {
                groups.remove(id);
            }
        }

        /** Counts a further dead letter of a record in this group: a duplicate, or one older than its latest. */
        void more() {
            letters++;
        }

        private GroupCounts counts() {
            return new GroupCounts(id, kind, reason, count, letters, firstSeen, lastSeen, new TreeMap<>(topics),
                    meter.at(clock.instant()));
        }
    }
}
