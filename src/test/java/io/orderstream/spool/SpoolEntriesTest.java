package io.orderstream.spool;

import static io.orderstream.spool.SpoolFixture.NOW;
import static io.orderstream.spool.SpoolFixture.text;
import static io.orderstream.spool.SpoolFixture.undelivered;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterHeaders;

class SpoolEntriesTest {

    @Test
    void shouldBecomeALetterWithExactlyOneOfEachHeaderOfTheContract() {
        // Given
        SpoolEntry entry = SpoolEntries.of(undelivered(7), NOW);

        // When
        ProducerRecord<byte[], byte[]> letter = SpoolEntries.letter(entry);

        // Then
        assertThat(letter.topic()).isEqualTo("orders-dlq");
        assertThat(letter.key()).isEqualTo(text("key-7"));
        assertThat(letter.value()).isEqualTo(text("value-7"));
        assertThat(texts(letter.headers())).containsOnly(
                Map.entry("dead-letter-exception-class-name", "org.apache.kafka.common.errors.TimeoutException"),
                Map.entry("dead-letter-reason", "the broker is away"),
                Map.entry("dead-letter-cause-class-name", "org.apache.kafka.common.errors.TimeoutException"),
                Map.entry("dead-letter-cause", "the broker is away"), Map.entry("dead-letter-topic", "orders"),
                Map.entry("dead-letter-partition", "-1"), Map.entry("dead-letter-offset", "-1"),
                Map.entry("dead-letter-kind", "undeliverable"), Map.entry("dead-letter-attempts", "3"),
                Map.entry("dead-letter-group", "a-producer"), Map.entry("dead-letter-timestamp", "2026-11-21T23:59:58Z"),
                Map.entry("dead-letter-original-timestamp", "2026-11-21T23:59:56.500Z"),
                Map.entry("dead-letter-spool-id", entry.getId()));
        DeadLetter read = DeadLetter.of(received(letter));
        assertThat(read.origin()).hasToString("orders-spool-" + UUID.fromString(entry.getId()));
        assertThat(read.kind()).isEqualTo("undeliverable");
        assertThat(read.attempts()).isEqualTo(3);
    }

    @Test
    void shouldKeepTheRecordAndDropTheMarksOfAnEarlierLife() {
        // Given
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("t", null, 0L, null, null,
                List.of(new RecordHeader("trace", text("a")), new RecordHeader(DeadLetterHeaders.REASON, text("earlier")),
                        new RecordHeader("empty", null), new RecordHeader("trace", text("b")),
                        new RecordHeader(DeadLetterHeaders.SPOOL_ID, text("earlier"))));
        Throwable failure = new IllegalStateException(new IllegalArgumentException("inner"));

        // When
        ProducerRecord<byte[], byte[]> letter = SpoolEntries
                .letter(SpoolEntries.of(new Undelivered(record, "dead", "p", 1, failure), NOW));

        // Then
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
        assertThat(Arrays.copyOf(letter.headers().toArray(), 3)).containsExactly(new RecordHeader("trace", text("a")),
                new RecordHeader("empty", null), new RecordHeader("trace", text("b")));
        for (String name : List.of(DeadLetterHeaders.REASON, DeadLetterHeaders.SPOOL_ID)) {
            assertThat(letter.headers().headers(name)).singleElement().extracting(header -> new String(header.value()))
                    .isNotEqualTo("earlier");
        }
        assertThat(new String(letter.headers().lastHeader(DeadLetterHeaders.CAUSE).value())).isEqualTo("inner");
        assertThat(new String(letter.headers().lastHeader(DeadLetterHeaders.CAUSE_CLASS_NAME).value()))
                .isEqualTo(IllegalArgumentException.class.getName());
    }

    private static Map<String, String> texts(Headers headers) {
        Map<String, String> texts = new HashMap<>();
        for (Header header : headers) {
            assertThat(texts.put(header.key(), new String(header.value()))).as(header.key()).isNull();
        }
        return texts;
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> letter) {
        return new ConsumerRecord<>(letter.topic(), 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, letter.key(), letter.value(),
                letter.headers(), Optional.empty());
    }
}
