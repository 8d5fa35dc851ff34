package io.orderstream.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Makes dead letters as the application does. */
public final class DeadLetters {

    public static final String TOPIC = "orders";
    public static final String DLQ = "orders-dlq";

    private DeadLetters() {
    }

    /** Headers of the letter of a record, with other ones instead or in addition. */
    public static Headers headers(int partition, long offset, Map<String, String> more) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("trace", "t-" + offset);
        values.put(DeadLetterHeaders.TOPIC, TOPIC);
        values.put(DeadLetterHeaders.PARTITION, Integer.toString(partition));
        values.put(DeadLetterHeaders.OFFSET, Long.toString(offset));
        values.put(DeadLetterHeaders.KIND, "poison");
        values.put(DeadLetterHeaders.REASON, "order " + offset + " is poison");
        values.put(DeadLetterHeaders.TIMESTAMP, "2026-01-01T00:00:00Z");
        values.putAll(more);
        Headers headers = new RecordHeaders();
        values.forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }

    /** What a letter that has been redriven so often has in addition. */
    public static Map<String, String> redriven(int partition, long offset, int count) {
        return Map.of(DeadLetter.REDRIVE_COUNT, Integer.toString(count), DeadLetter.REDRIVE_ID, "earlier",
                DeadLetter.REDRIVE_ORIGIN,
                TOPIC + "-" + partition + "-" + offset);
    }

    /** A letter that stands there in the dead-letter topic. */
    public static ConsumerRecord<byte[], byte[]> at(int partition, long offset, Headers headers) {
        byte[] key = "key".getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(DLQ, partition, offset, 0, TimestampType.CREATE_TIME, key.length, 5, key, new byte[5],
                headers, Optional.empty());
    }

    /** A letter to be written. */
    public static ProducerRecord<byte[], byte[]> of(int partition, long offset, String key, byte[] value,
            Map<String, String> more) {
        return new ProducerRecord<>(DLQ, partition, key.getBytes(StandardCharsets.UTF_8), value,
                headers(partition, offset, more));
    }
}
