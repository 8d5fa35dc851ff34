package io.orderstream.kafka;

import java.util.concurrent.CompletionStage;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Metadata;

import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;

/**
 * The message of a single record of a {@link PolledPartition}. It is nacked to the failure strategy of its channel, which
 * gets it by {@link #nacked}: SmallRye itself gives it the message of the whole partition.
 */
public final class RecordMessage extends IncomingKafkaRecord<byte[], byte[]> {

    private final IncomingKafkaRecord<byte[], byte[]> source;

    /** @param source the message with which the record came */
    public RecordMessage(ConsumerRecord<byte[], byte[]> record, IncomingKafkaRecord<byte[], byte[]> source) {
        super(record, "", 0, null, null, false, false);
        this.source = source;
    }

    @Override
    public CompletionStage<Void> ack(Metadata metadata) {
        return source.ack(metadata);
    }

    @Override
    public CompletionStage<Void> nack(Throwable reason, Metadata metadata) {
        return source.nack(reason, metadata.with(this));
    }

    /**
     * What a failure strategy has to do with.
     *
     * @param given the message it was given
     * @param metadata given with it
     */
    @SuppressWarnings("unchecked")
    public static <K, V> IncomingKafkaRecord<K, V> nacked(IncomingKafkaRecord<K, V> given, Metadata metadata) {
        RecordMessage single = metadata == null ? null : metadata.get(RecordMessage.class).orElse(null);
        // A strategy may pass the metadata on to another one, with a message of its own.
        return single != null && single.source == given ? (IncomingKafkaRecord<K, V>) single : given;
    }
}
