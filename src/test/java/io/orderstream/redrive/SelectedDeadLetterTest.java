package io.orderstream.redrive;

import static io.orderstream.deadletter.DeadLetters.at;
import static io.orderstream.deadletter.DeadLetters.headers;
import static io.orderstream.deadletter.DeadLetters.redriven;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.Origin;

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
        SelectedDeadLetter selected = new SelectedDeadLetter(new TopicPartition(letter.topic(), letter.partition()),
                letter.offset(),
                Origin.record("orders", 2, 7), count, null, 0);
        return selected.redriven(letter, "job", partitions);
    }

    private static List<String> headersOf(ProducerRecord<byte[], byte[]> record) {
        return Stream.of(record.headers().toArray())
                .map(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8)).toList();
    }
}
