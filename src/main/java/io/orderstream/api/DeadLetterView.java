package io.orderstream.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterStatus;
import io.orderstream.deadletter.IndexedDeadLetter;
import io.orderstream.deadletter.KeptLetter;
import io.orderstream.deadletter.ReadValue;

/**
 * A {@link DeadLetter} in the response of {@code GET /api/dead-letters}. Fields its headers do not tell are null.
 *
 * @param key the record's key as text
 * @param keyHex the key in hexadecimal, if it is not UTF-8
 * @param copies duplicates of the dead letter, written because of a crash
 * @param value the record's value, null if it has none
 * @param kept where the whole letter is, if it is too large for its topic; {@code value} is null then
 * @param history all dead letters of the record, latest last
 */
public record DeadLetterView(String topic, int partition, long offset, String key,
        @JsonInclude(JsonInclude.Include.NON_NULL) String keyHex, String kind, String reason, String exception,
        String reasonGroup, Integer attempts, String consumerGroup, Instant at, Instant originalAt, Origin origin,
        String status, int redriveCount, int copies, Value value, @JsonInclude(JsonInclude.Include.NON_NULL) KeptLetter kept,
        @JsonIncludeProperties( {
                "topic", "partition", "offset", "kind", "reason", "attempts", "at", "redriveCount",
                "redriveId" }) List<DeadLetter> history){

    /** Position of the original record: partition and offset, or the id of a spool entry. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Origin(String topic, Integer partition, Long offset, String spoolId) {

        static Origin of(io.orderstream.deadletter.Origin origin) {
            if (origin == null) {
                return null;
            }
            return origin.spoolId().isEmpty() ? new Origin(origin.topic(), origin.partition(), origin.offset(), null)
                    : new Origin(origin.topic(), null, null, origin.spoolId());
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
    public record Value(int bytes, boolean truncated, String hex, String format, Integer schemaId, String subject,
            Integer schemaVersion, JsonNode decoded) {

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
                key == null || isText(key) ? null : HexFormat.of().formatHex(key), letter.kind(), letter.reason(),
                letter.exception(), letter.reasonGroup(), letter.attempts(), letter.consumerGroup(), letter.at(),
                letter.originalAt(), Origin.of(letter.origin()), status.label(), letter.redriveCount(), entry.copies(),
                Value.of(entry, read), letter.kept(), entry.history());
    }

    private static boolean isText(byte[] key) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
