package io.orderstream.deadletter;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Metadata;

import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;

/**
 * Dead-letters records by nacking them, with {@link DeadLetterHeaders}, to SmallRye's {@code dead-letter-queue}.
 * <p>
 * The channel carries bytes, so key and value are written unchanged and no serializer can fail. Call on the event
 * loop of the channel: the strategy's queue is not thread safe.
 */
public final class DeadLetterWriter {

    private final String group;
    private final Clock clock;
    private final BiConsumer<Headers, byte[]> completion;

    /**
     * @param group consumer group that gives records up
     * @param clock gives the time of it
     * @param completion gets headers and value of a record, and adds what its dead letter is to have as well
     */
    public DeadLetterWriter(String group, Clock clock, BiConsumer<Headers, byte[]> completion) {
        this.group = group;
        this.clock = clock;
        this.completion = completion;
    }

    /**
     * Writes the dead letter of a record.
     *
     * @param record the record as it was received
     * @param originalTimestamp timestamp of the original record
     * @param kind why the record is dead-lettered
     * @param attempts number of attempts of the handler
     * @param reason the last failure
     * @return completes when the broker has confirmed the write; fails if the broker has rejected it permanently
     */
    public CompletionStage<Void> write(KafkaRecord<byte[], byte[]> record, Instant originalTimestamp, DeadLetterKind kind,
            int attempts, Throwable reason) {
        DeadLetterHeaders.strip(record.getHeaders());
        completion.accept(record.getHeaders(), record.getPayload());
        return record.nack(reason, Metadata.of(OutgoingKafkaRecordMetadata.builder()
                .withHeaders(DeadLetterHeaders.of(kind, attempts, group, reason, clock.instant(), originalTimestamp))
                .build()));
    }
}
