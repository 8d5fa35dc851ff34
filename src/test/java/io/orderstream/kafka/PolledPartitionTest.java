package io.orderstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;

/** The records of a poll go through SmallRye by the partition, and one of them can be nacked all the same. */
class PolledPartitionTest {

    private static final TopicPartition ONE = new TopicPartition("orders", 1);
    private static final TopicPartition TWO = new TopicPartition("orders", 2);

    private final PolledPartition.Interceptor interceptor = new PolledPartition.Interceptor();
    private final Nacked nacked = new Nacked();

    @Test
    void shouldHandOverOneRecordForEachPartitionFromTheFirstOffsetOn() {
        // Given
        Map<TopicPartition, OffsetAndMetadata> next = Map.of(ONE, new OffsetAndMetadata(12), TWO, new OffsetAndMetadata(5));

        // When
        ConsumerRecords<byte[], byte[]> handedOver = interceptor.onConsume(new ConsumerRecords<>(
                Map.of(ONE, List.of(record(ONE, 7), record(ONE, 9)), TWO, List.of(record(TWO, 4))), next));

        // Then
        assertThat(handedOver.count()).isEqualTo(2);
        assertThat(handedOver.records(ONE)).singleElement().satisfies(record -> {
            assertThat(record.offset()).isEqualTo(7);
            assertThat(record.leaderEpoch()).contains(3);
        });
        assertThat(handedOver.records(TWO)).singleElement().extracting(ConsumerRecord::offset).isEqualTo(4L);
        assertThat(handedOver.nextOffsets()).isEqualTo(next);
    }

    @Test
    void shouldGiveTheRecordsOnceAndKeepNone() {
        // Given
        List<ConsumerRecord<byte[], byte[]>> records = List.of(record(ONE, 7), record(ONE, 9));
        IncomingKafkaRecord<byte[], byte[]> message = message(records);

        // Then
        assertThat(PolledPartition.take(message)).isEqualTo(records);
        assertThat(PolledPartition.take(message)).isEmpty();
        assertThat(PolledPartition.end(message)).isEqualTo(10);
    }

    @Test
    void shouldTakeTheRecordOfAMessageThatIsOfOne() {
        // Given
        ConsumerRecord<byte[], byte[]> record = record(ONE, 7);
        IncomingKafkaRecord<byte[], byte[]> message = new IncomingKafkaRecord<>(record, "orders-in", 0, null, nacked, false,
                false);

        // Then
        assertThat(PolledPartition.take(message)).containsExactly(record);
        assertThat(PolledPartition.end(message)).isEqualTo(8);
    }

    @Test
    void shouldNackOneRecordToTheStrategyOfItsChannel() {
        // Given
        ConsumerRecord<byte[], byte[]> second = record(ONE, 9);
        IncomingKafkaRecord<byte[], byte[]> message = message(List.of(record(ONE, 7), second));

        // When
        new RecordMessage(second, message).nack(new IllegalStateException("poison"), Metadata.of("more"));

        // Then
        assertThat(nacked.given).containsExactly(message);
        assertThat(nacked.meant).singleElement().satisfies(one -> {
            assertThat(one.getOffset()).isEqualTo(9);
            assertThat(one.getPayload()).isEqualTo("value 9".getBytes(StandardCharsets.UTF_8));
            assertThat(one.getHeaders().lastHeader("number").value()).containsExactly(9);
        });
        assertThat(nacked.metadata.get(String.class)).contains("more");
    }

    @Test
    void shouldLeaveTheMessageThatAStrategyPassesOnInsteadOfARecord() {
        // Given
        IncomingKafkaRecord<byte[], byte[]> message = message(List.of(record(ONE, 7)));
        RecordMessage single = new RecordMessage(record(ONE, 7), message);
        IncomingKafkaRecord<byte[], byte[]> other = message(List.of(record(TWO, 1)));

        // Then
        assertThat(RecordMessage.nacked(message, Metadata.of(single))).isSameAs(single);
        assertThat(RecordMessage.nacked(other, Metadata.of(single))).isSameAs(other);
        assertThat(RecordMessage.nacked(other, Metadata.empty())).isSameAs(other);
        assertThat(RecordMessage.nacked(other, null)).isSameAs(other);
    }

    private IncomingKafkaRecord<byte[], byte[]> message(List<ConsumerRecord<byte[], byte[]>> records) {
        TopicPartition partition = new TopicPartition(records.get(0).topic(), records.get(0).partition());
        ConsumerRecord<byte[], byte[]> handedOver = interceptor
                .onConsume(new ConsumerRecords<>(Map.of(partition, records), Map.of())).iterator().next();
        return new IncomingKafkaRecord<>(handedOver, "orders-in", 0, null, nacked, false, false);
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("number", new byte[] { (byte) offset });
        return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, offset, TimestampType.CREATE_TIME, 3, 7,
                "key".getBytes(StandardCharsets.UTF_8), ("value " + offset).getBytes(StandardCharsets.UTF_8), headers,
                Optional.of(3));
    }

    private static final class Nacked implements KafkaFailureHandler {

        private final List<IncomingKafkaRecord<?, ?>> given = new ArrayList<>();
        private final List<IncomingKafkaRecord<?, ?>> meant = new ArrayList<>();
        private Metadata metadata;

        @Override
        public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata with) {
            given.add(record);
            meant.add(RecordMessage.nacked(record, with));
            metadata = with;
            return Uni.createFrom().voidItem();
        }
    }
}
