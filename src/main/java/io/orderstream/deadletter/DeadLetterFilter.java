package io.orderstream.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Selects dead letters. What is null or empty selects all; what is given must all be true.
 *
 * @param topic the dead-letter topic, or the topic the record was in at first
 * @param kind a {@link DeadLetterKind}'s label, or {@value DeadLetter#UNKNOWN}
 * @param reason a reason, folded or as it came: selects its whole group
 * @param reasonGroup what {@link Reasons#groupId} gives
 * @param key the record's key as text
 * @param since given up at this time or later
 * @param until given up before this time
 * @param letters coordinates of single letters in their dead-letter topics
 */
public record DeadLetterFilter(String topic, String kind, String reason, String reasonGroup, String key, Instant since,
        Instant until, List<Coordinates> letters) {

    public static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null, null, null, null, null);

    /** Where a record stands. */
    public record Coordinates(String topic, int partition, long offset) {
    }

    /**
     * Whether a letter is selected.
     *
     * @param letter what its headers say
     * @param keyBytes the record's key, may be null
     */
    public boolean matches(DeadLetter letter, byte[] keyBytes) {
        return (topic == null || topic.equals(letter.topic())
                || letter.origin() != null && topic.equals(letter.origin().topic()))
                && (kind == null || kind.equals(letter.kind()))
                && (reason == null || Reasons.fold(reason).equals(letter.foldedReason()))
                && (reasonGroup == null || reasonGroup.equals(letter.reasonGroup()))
                && (key == null || keyBytes != null && key.equals(new String(keyBytes, StandardCharsets.UTF_8)))
                && (since == null || !letter.at().isBefore(since))
                && (until == null || letter.at().isBefore(until))
                && (letters == null || letters.isEmpty() || letters.contains(letter.coordinates()));
    }
}
