package io.orderstream.deadletter;

import java.time.Instant;
import java.util.Map;

/**
 * Counts of the dead letters of one kind and folded reason, including those no longer listed.
 *
 * @param reasonGroup id of the group, see {@link DeadLetter#reasonGroup()}
 * @param kind label of a {@link DeadLetterKind}, or {@value DeadLetter#UNKNOWN}
 * @param reason the reason without numbers and ids
 * @param count original records whose latest dead letter is in this group
 * @param letters dead letters of these records, duplicates and repeated failures included
 * @param firstSeen time of the group's first dead letter
 * @param lastSeen time of the group's last dead letter
 * @param topics original records per dead-letter topic
 * @param trend dead letters of the last two hours
 */
public record GroupCounts(String reasonGroup, String kind, String reason, int count, long letters, Instant firstSeen,
        Instant lastSeen, Map<String, Integer> topics, Trend trend) {
}
