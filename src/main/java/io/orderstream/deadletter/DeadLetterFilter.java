package io.orderstream.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import org.jetbrains.annotations.Nullable;

/**
 * Selects dead letters. A null or empty criterion does not filter; all others must match.
 *
 * @param topic the dead-letter topic or the original topic
 * @param kind label of a {@link DeadLetterKind}, or {@value DeadLetter#UNKNOWN}
 * @param reason a reason, folded or as in the header: selects its whole group
 * @param reasonGroup id of a group, see {@link Reasons#groupId}
 * @param key the record's key as text
 * @param since dead-lettered at this time or later
 * @param until dead-lettered before this time
 * @param letters positions of single dead letters in their topics
 */
public record DeadLetterFilter(@Nullable String topic, @Nullable String kind, @Nullable String reason,
        @Nullable String reasonGroup, @Nullable String key, @Nullable Instant since,
        @Nullable Instant until, @Nullable List<Coordinates> letters) {

    public static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null, null, null, null, null);

    /** Position of a record. */
    public record Coordinates(String topic, int partition, long offset) {
    }

    /** Whether a dead letter is selected; the key of its record may be null. */
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
