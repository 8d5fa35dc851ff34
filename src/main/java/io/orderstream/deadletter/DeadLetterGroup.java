package io.orderstream.deadletter;

import java.time.Clock;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** Running counts of dead letters of one kind and folded reason. Guarded by the {@link DeadLetterIndex}'s lock. */
final class DeadLetterGroup {

    private final String id;
    private final String kind;
    private final String reason;
    private final Clock clock;
    private final SortedMap<String, Integer> topics = new TreeMap<>();
    private final Trend.Meter meter = new Trend.Meter();
    private int count;
    private long letters;
    private Instant firstSeen = Instant.MAX;
    private Instant lastSeen = Instant.MIN;

    DeadLetterGroup(String id, String kind, String reason, Clock clock) {
        this.id = id;
        this.kind = kind;
        this.reason = reason;
        this.clock = clock;
    }

    String id() {
        return id;
    }

    String kind() {
        return kind;
    }

    int count() {
        return count;
    }

    /** Adds an original record with all its dead letters, the latest of which is new. */
    void join(DeadLetter latest, int itsLetters) {
        count++;
        topics.merge(latest.topic(), 1, Integer::sum);
        letters += itsLetters;
        seen(latest.at());
    }

    /** Removes an original record with all its dead letters. */
    void leave(DeadLetter latest, int itsLetters) {
        count--;
        topics.computeIfPresent(latest.topic(), (topic, originals) -> originals == 1 ? null : originals - 1);
        letters -= itsLetters;
    }

    /** Counts a further dead letter of a record in this group: a duplicate, or one older than its latest. */
    void more() {
        letters++;
    }

    private void seen(Instant at) {
        firstSeen = at.isBefore(firstSeen) ? at : firstSeen;
        lastSeen = at.isAfter(lastSeen) ? at : lastSeen;
        meter.count(at, clock.instant());
    }

    GroupCounts counts() {
        return new GroupCounts(id, kind, reason, count, letters, firstSeen, lastSeen, new TreeMap<>(topics),
                meter.at(clock.instant()));
    }
}
