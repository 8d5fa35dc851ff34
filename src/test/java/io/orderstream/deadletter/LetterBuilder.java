package io.orderstream.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records of a dead-letter topic as a test needs them. Each call gives a new description; none is changed. */
record LetterBuilder(String topic, int partition, long offset, byte[] key, byte[] value, Headers headers) {

    static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");

    /** A letter at this offset of the first partition, without headers. */
    static LetterBuilder bare(long offset) {
        return new LetterBuilder("orders-dlq", 0, offset, bytes("k-" + offset), bytes("{}"), new RecordHeaders());
    }

    /** A complete letter of the order at that offset of its topic. */
    static LetterBuilder of(long offset, long failed) {
        return bare(offset).with(DeadLetterHeaders.TOPIC, "orders").with(DeadLetterHeaders.PARTITION, "3")
                .with(DeadLetterHeaders.OFFSET, Long.toString(failed)).with(DeadLetterHeaders.KIND, "poison")
                .with(DeadLetterHeaders.REASON, "order o-" + failed + " failed")
                .with(DeadLetterHeaders.EXCEPTION_CLASS_NAME, "java.lang.Exception").with(DeadLetterHeaders.ATTEMPTS, "4")
                .with(DeadLetterHeaders.GROUP, "a-group").at(AT);
    }

    LetterBuilder with(String name, String value) {
        RecordHeaders more = new RecordHeaders(headers);
        more.remove(name);
        more.add(name, bytes(value));
        return new LetterBuilder(topic, partition, offset, key, value(), more);
    }

    LetterBuilder at(Instant time) {
        return with(DeadLetterHeaders.TIMESTAMP, time.toString());
    }

    /** What was at its position then. */
    LetterBuilder original(String time) {
        return with(DeadLetterHeaders.ORIGINAL_TIMESTAMP, time);
    }

    LetterBuilder in(String otherTopic, int otherPartition) {
        return new LetterBuilder(otherTopic, otherPartition, offset, key, value, headers);
    }

    LetterBuilder holding(byte[] otherKey, byte[] otherValue) {
        return new LetterBuilder(topic, partition, offset, otherKey, otherValue, headers);
    }

    /** What has failed again after it was redriven. */
    LetterBuilder redriven(int count, String origin) {
        return with(DeadLetter.REDRIVE_COUNT, Integer.toString(count)).with(DeadLetter.REDRIVE_ORIGIN, origin)
                .with(DeadLetter.REDRIVE_ID, "job-" + count);
    }

    ConsumerRecord<byte[], byte[]> record() {
        return new ConsumerRecord<>(topic, partition, offset, AT.toEpochMilli(), TimestampType.CREATE_TIME, 0, 0, key, value,
                headers, Optional.empty());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
