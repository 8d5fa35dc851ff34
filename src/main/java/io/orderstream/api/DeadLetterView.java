package io.orderstream.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

import org.jetbrains.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterStatus;
import io.orderstream.deadletter.IndexedDeadLetter;
import io.orderstream.deadletter.KeptHeaders;
import io.orderstream.deadletter.KeptLetter;
import io.orderstream.deadletter.ReadValue;

/**
 * A {@link DeadLetter} in the response of {@code GET /api/dead-letters}. Fields its headers do not tell are null.
 *
 * @param key the record's key as text
 * @param keyHex the key in hexadecimal, if it is no text
 * @param copies duplicates of the dead letter, written because of a crash
 * @param value the record's value, null if it has none
 * @param kept where the whole letter is, if it is too large for its topic; {@code value} is null then
 * @param headers headers of the letter, shortened where they are long or many
 * @param moreHeaders how many of its headers are not listed
 * @param history all dead letters of the record, latest last
 */
public record DeadLetterView(String topic, int partition, long offset, @Nullable String key,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String keyHex, String kind, String reason, String exception,
        String reasonGroup, @Nullable Integer attempts, String consumerGroup, Instant at, @Nullable Instant originalAt,
        @Nullable Origin origin,
        String status, int redriveCount, int copies, @Nullable Value value,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable KeptLetter kept,
        List<KeptHeaders.Header> headers, int moreHeaders,
        List<Past> history) {

    /** Position of the original record: partition and offset, or the id of a spool entry. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Origin(String topic, @Nullable Integer partition, @Nullable Long offset, @Nullable String spoolId) {

        static Origin of(io.orderstream.deadletter.Origin origin) {
            if (origin == null) {
                return null;
            }
            return origin.spoolId().isEmpty() ? new Origin(origin.topic(), origin.partition(), origin.offset(), null)
                    : new Origin(origin.topic(), null, null, origin.spoolId());
        }
    }

    /** One of the dead letters of the record. */
    public record Past(String topic, int partition, long offset, String kind, String reason, @Nullable Integer attempts,
            Instant at,
            int redriveCount, String redriveId) {

        static Past of(DeadLetter letter) {
            return new Past(letter.topic(), letter.partition(), letter.offset(), letter.kind(), letter.reason(),
                    letter.attempts(), letter.at(), letter.redriveCount(), letter.redriveId());
        }
    }

    /**
     * A record's value.
     *
     * @param bytes length of the whole value in bytes
     * @param truncated whether {@code hex} is only its beginning, which is not decoded
     * @param hex the bytes in hexadecimal
     * @param format avro or json, null if it cannot be decoded
     * @param schemaId id of the writer's schema
     * @param subject subject under which that schema is registered
     * @param schemaVersion version of the schema under this subject
     * @param decoded the decoded value
     */
    public record Value(int bytes, boolean truncated, String hex, @Nullable String format, @Nullable Integer schemaId,
            @Nullable String subject,
            @Nullable Integer schemaVersion, @Nullable JsonNode decoded) {

        private static final ReadValue UNREAD = new ReadValue(null, null, null, null, null);

        static Value of(IndexedDeadLetter entry, ReadValue read) {
            if (entry.value() == null) {
                return null;
            }
            ReadValue known = read == null ? UNREAD : read;
            return new Value(entry.valueBytes(), entry.isTruncated(), HexFormat.of().formatHex(entry.value()),
                    known.format(), known.schemaId(), known.subject(), known.schemaVersion(), known.content());
        }
    }

    static DeadLetterView of(IndexedDeadLetter entry, DeadLetterStatus status, ReadValue read) {
        DeadLetter letter = entry.letter();
        byte[] key = entry.key();
        return new DeadLetterView(letter.topic(), letter.partition(), letter.offset(),
                key == null ? null : new String(key, StandardCharsets.UTF_8),
                entry.hasBinaryKey() ? HexFormat.of().formatHex(key) : null, letter.kind(), letter.reason(),
                letter.exception(), letter.reasonGroup(), letter.attempts(), letter.consumerGroup(), letter.at(),
                letter.originalAt(), Origin.of(letter.origin()), status.label(), letter.redriveCount(), entry.copies(),
                Value.of(entry, read), letter.kept(), entry.headers().list(), entry.headers().more(),
                entry.history().stream().map(Past::of).toList());
    }
}
