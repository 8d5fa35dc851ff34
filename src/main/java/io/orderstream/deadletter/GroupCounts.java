package io.orderstream.deadletter;

import java.time.Instant;
import java.util.Map;

/**
 * What is counted of the letters of one kind and folded reason, whether they can still be listed or not.
 *
 * @param reasonGroup name of the group, see {@link DeadLetter#reasonGroup()}
 * @param kind a {@link DeadLetterKind}'s label, or {@value DeadLetter#UNKNOWN}
 * @param reason the reason without numbers and ids
 * @param count originals whose latest letter is in this group
 * @param letters all letters of these originals, copies and repeats included
 * @param firstSeen when the first of the group was given up
 * @param lastSeen when the last of the group was given up
 * @param topics how many of the originals each dead-letter topic has
 * @param trend whether there are more of them lately
 */
public record GroupCounts(String reasonGroup, String kind, String reason, int count, long letters, Instant firstSeen,
        Instant lastSeen, Map<String, Integer> topics, Trend trend) {
}
