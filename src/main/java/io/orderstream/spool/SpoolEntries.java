package io.orderstream.spool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;

import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.deadletter.DeadLetterKind;
import io.orderstream.support.Failures;
import io.orderstream.support.TextHeaders;

/** Converts an undelivered record to a spool entry, its binary encoding, and finally its dead letter. */
final class SpoolEntries {

    /** Partition and offset of a record that was never written. */
    private static final String NOWHERE = "-1";

    private SpoolEntries() {
    }

    /** Creates an entry with a new random id. */
    static SpoolEntry of(Undelivered undelivered, Instant now) {
        ProducerRecord<byte[], byte[]> record = undelivered.record();
        Throwable failure = undelivered.failure();
        // As in every dead letter, a failure without a cause counts as its own cause.
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return SpoolEntry.newBuilder().setId(UUID.randomUUID().toString()).setTopic(record.topic())
                .setDeadLetterTopic(undelivered.deadLetterTopic()).setProducer(undelivered.producer())
                .setKey(Utils.wrapNullable(record.key())).setValue(Utils.wrapNullable(record.value()))
                .setHeaders(headers(record.headers()))
                .setTimestamp(record.timestamp() == null ? now : Instant.ofEpochMilli(record.timestamp()))
                .setExceptionClass(failure.getClass().getName()).setReason(Failures.message(failure))
                .setCauseClass(cause.getClass().getName()).setCause(Failures.message(cause))
                .setTries(undelivered.tries()).setSpooledAt(now).build();
    }

    static List<SpoolHeader> headers(Headers headers) {
        return Arrays.stream(headers.toArray())
                .map(header -> new SpoolHeader(header.key(), Utils.wrapNullable(header.value()))).toList();
    }

    static Headers headers(SpoolEntry entry) {
        Headers headers = new RecordHeaders();
        entry.getHeaders().forEach(header -> headers.add(header.getName(), Utils.toNullableArray(header.getValue())));
        return headers;
    }

    /** Encodes an entry in Avro's binary encoding. */
    static byte[] encode(SpoolEntry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new SpecificDatumWriter<>(SpoolEntry.class).write(entry, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory can be written", e);
        }
        return bytes.toByteArray();
    }

    /** Creates the dead letter of an entry: the original record, with each dead-letter header exactly once. */
    static ProducerRecord<byte[], byte[]> letter(SpoolEntry entry) {
        Headers headers = headers(entry);
        DeadLetterHeaders.strip(headers);
        TextHeaders.add(headers, DeadLetterHeaders.EXCEPTION_CLASS_NAME, entry.getExceptionClass());
        TextHeaders.add(headers, DeadLetterHeaders.REASON, entry.getReason());
        TextHeaders.add(headers, DeadLetterHeaders.CAUSE_CLASS_NAME, entry.getCauseClass());
        TextHeaders.add(headers, DeadLetterHeaders.CAUSE, entry.getCause());
        TextHeaders.add(headers, DeadLetterHeaders.TOPIC, entry.getTopic());
        TextHeaders.add(headers, DeadLetterHeaders.PARTITION, NOWHERE);
        TextHeaders.add(headers, DeadLetterHeaders.OFFSET, NOWHERE);
        TextHeaders.add(headers, DeadLetterHeaders.KIND, DeadLetterKind.UNDELIVERABLE.label());
        TextHeaders.add(headers, DeadLetterHeaders.ATTEMPTS, Integer.toString(entry.getTries()));
        TextHeaders.add(headers, DeadLetterHeaders.GROUP, entry.getProducer());
        TextHeaders.add(headers, DeadLetterHeaders.TIMESTAMP, entry.getSpooledAt().toString());
        TextHeaders.add(headers, DeadLetterHeaders.ORIGINAL_TIMESTAMP, entry.getTimestamp().toString());
        TextHeaders.add(headers, DeadLetterHeaders.SPOOL_ID, entry.getId());
        return new ProducerRecord<>(entry.getDeadLetterTopic(), null, Utils.toNullableArray(entry.getKey()),
                Utils.toNullableArray(entry.getValue()), headers);
    }
}
