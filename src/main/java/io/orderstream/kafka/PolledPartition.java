package io.orderstream.kafka;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;

import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;

/**
 * What one poll has found of a partition, as a single record without key and value, whose offset is that of the first.
 * <p>
 * SmallRye 4.31 makes a message, its metadata, a Vert.x context and a header of each record of a batch. Together they cost
 * more than what a pipeline does for a record (docs/performance.md). A pipeline needs a message only of what it gives up, and
 * makes it itself ({@link RecordMessage}). So the consumer of a pipeline's channel hands over these instead, by way of Kafka's
 * own interceptors.
 * <p>
 * Made on the polling thread, and then confined to the event loop of the channel.
 */
public final class PolledPartition extends ConsumerRecord<byte[], byte[]> {

    private final long end;
    private List<ConsumerRecord<byte[], byte[]>> records;

    private PolledPartition(List<ConsumerRecord<byte[], byte[]>> records, ConsumerRecord<byte[], byte[]> first) {
        super(first.topic(), first.partition(), first.offset(), first.timestamp(), first.timestampType(), NULL_SIZE, NULL_SIZE,
                null, null, new RecordHeaders(), first.leaderEpoch());
        this.records = records;
        this.end = records.get(records.size() - 1).offset() + 1;
    }

    /** Hands over one record for each partition of a poll; to be created by Kafka's consumer. */
    public static final class Interceptor implements ConsumerInterceptor<byte[], byte[]> {

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> polled) {
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> partitions = new LinkedHashMap<>();
            for (TopicPartition partition : polled.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
                if (!records.isEmpty()) {
                    partitions.put(partition, List.of(new PolledPartition(records, records.get(0))));
                }
            }
            return new ConsumerRecords<>(partitions, polled.nextOffsets());
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            // nothing to do
        }

        @Override
        public void configure(Map<String, ?> client) {
            // there is nothing to configure
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    /**
     * The records behind a message of SmallRye. They are let go of and can be asked for once, since whoever keeps the message
     * for the sake of one of them must not keep all.
     *
     * @return one if it is the message of a record
     */
    public static List<ConsumerRecord<byte[], byte[]>> take(IncomingKafkaRecord<byte[], byte[]> message) {
        ConsumerRecord<byte[], byte[]> record = recordOf(message);
        if (record instanceof PolledPartition polled) {
            List<ConsumerRecord<byte[], byte[]>> records = polled.records;
            polled.records = List.of();
            return records;
        }
        return List.of(record);
    }

    /** The offset behind the last of the records that are, or were, behind a message of SmallRye. */
    public static long end(IncomingKafkaRecord<byte[], byte[]> message) {
        return recordOf(message) instanceof PolledPartition polled ? polled.end : message.getOffset() + 1;
    }

    @SuppressWarnings("unchecked")
    private static ConsumerRecord<byte[], byte[]> recordOf(IncomingKafkaRecord<byte[], byte[]> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow().getRecord();
    }
}
