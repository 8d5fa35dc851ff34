package io.orderstream.redrive;

import static io.orderstream.deadletter.DeadLetters.at;
import static io.orderstream.deadletter.DeadLetters.headers;
import static io.orderstream.deadletter.DeadLetters.redriven;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.Origin;
import io.orderstream.deadletter.OriginMap;

class SelectedDeadLetterTest {

    @Test
    void shouldLeaveNoMarkOfADeadLetterAndAddOneOfEachOfTheRedrive() {
        // Given
        ConsumerRecord<byte[], byte[]> letter = at(0, 4, headers(2, 7, Map.of("dead-letter-of-a-later-version", "x")));

        // When
        ProducerRecord<byte[], byte[]> record = redrive(letter, 0, 6);

        // Then
        assertThat(headersOf(record)).containsExactly("trace=t-7", "redrive-count=1", "redrive-id=job",
                "redrive-origin=orders-2-7");
        assertThat(record.topic()).isEqualTo("orders");
        assertThat(record.partition()).isEqualTo(2);
        assertThat(record.key()).isSameAs(letter.key());
        assertThat(record.value()).isSameAs(letter.value());
        assertThat(record.timestamp()).isNull();
    }

    @Test
    void shouldSayWhenItsOriginWasWritten() {
        // Given
        ConsumerRecord<byte[], byte[]> letter = at(0, 4, headers(2, 7, Map.of("redrive-origin-timestamp", "x")));
        Origin origin = Origin.record("orders", 2, 7).at(Instant.parse("2026-01-01T00:00:00.001Z"));

        // Then
        assertThat(headersOf(selected(letter, origin, 0).redriven(letter, "job", 6))).containsExactly("trace=t-7",
                "redrive-count=1", "redrive-id=job", "redrive-origin=orders-2-7",
                "redrive-origin-timestamp=2026-01-01T00:00:00.001Z");
        assertThat(headersOf(redrive(letter, 0, 6))).noneMatch(header -> header.startsWith("redrive-origin-timestamp"));
    }

    @Test
    void shouldNotTakeAnotherLetterAtItsPositionForItself() {
        // Given
        Map<String, String> time = Map.of("dead-letter-original-timestamp", "2026-01-01T00:00:00Z");
        ConsumerRecord<byte[], byte[]> letter = at(0, 4, headers(2, 7, time));
        SelectedDeadLetter selected = selected(letter, Origin.record("orders", 2, 7).at(Instant.parse("2026-01-01T00:00:00Z")),
                0);

        // Then
        assertThat(selected.isStill(letter)).isTrue();
        assertThat(selected.isStill(at(0, 4, headers(2, 8, time)))).isFalse();
        assertThat(selected.isStill(at(0, 4, headers(2, 7, Map.of())))).isFalse();
        assertThat(selected.isStill(at(0, 4, new RecordHeaders()))).isFalse();
    }

    @Test
    void shouldReplaceTheMarksOfTheRedriveBefore() {
        // Given
        ConsumerRecord<byte[], byte[]> letter = at(0, 4, headers(2, 700, redriven(2, 7, 1)));
        letter.headers().add("redrive-count", "9".getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(headersOf(redrive(letter, 1, 6))).containsExactly("trace=t-700", "redrive-count=2", "redrive-id=job",
                "redrive-origin=orders-2-7");
    }

    @Test
    void shouldLeaveThePartitionToTheKeyWhenTheOldOneIsNoMoreOrUnknown() {
        assertThat(redrive(at(0, 4, headers(5, 7, Map.of())), 0, 5).partition()).isNull();
        assertThat(redrive(at(0, 4, headers(2, 7, Map.of("dead-letter-partition", ""))), 0, 5).partition()).isNull();
    }

    private static ProducerRecord<byte[], byte[]> redrive(ConsumerRecord<byte[], byte[]> letter, int count, int partitions) {
        return selected(letter, Origin.record("orders", 2, 7), count).redriven(letter, "job", partitions);
    }

    private static SelectedDeadLetter selected(ConsumerRecord<byte[], byte[]> letter, Origin origin, int count) {
        return new SelectedDeadLetter(new TopicPartition(letter.topic(), letter.partition()), letter.offset(), origin,
                OriginMap.digest(letter.value()), count, null, 0, 0);
    }

    private static List<String> headersOf(ProducerRecord<byte[], byte[]> record) {
        return Stream.of(record.headers().toArray())
                .map(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8)).toList();
    }
}
