package io.orderstream.pipeline;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.eclipse.microprofile.reactive.messaging.Metadata;

import io.orderstream.kafka.RecordMessage;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.vertx.mutiny.core.Vertx;

/**
 * Failure strategy {@value #STRATEGY} of a retry topic's channel: SmallRye's {@code dead-letter-queue}, given the record as it
 * was in its first topic, so that its dead letter is the same as that of one that was retried in place.
 */
final class OriginDeadLetterQueue implements KafkaFailureHandler {

    static final String STRATEGY = "dead-letter-queue-of-origin";

    private final KafkaFailureHandler deadLetterQueue;
    private final String channel;

    private OriginDeadLetterQueue(KafkaFailureHandler deadLetterQueue, String channel) {
        this.deadLetterQueue = deadLetterQueue;
        this.channel = channel;
    }

    /** Makes the strategy of a channel. */
    @ApplicationScoped
    @Identifier(STRATEGY)
    public static class Factory implements KafkaFailureHandler.Factory {

        private final KafkaFailureHandler.Factory deadLetterQueues;

        Factory(@Identifier(KafkaFailureHandler.Strategy.DEAD_LETTER_QUEUE) KafkaFailureHandler.Factory deadLetterQueues) {
            this.deadLetterQueues = deadLetterQueues;
        }

        @Override
        public KafkaFailureHandler create(KafkaConnectorIncomingConfiguration config, Vertx vertx, KafkaConsumer<?, ?> consumer,
                BiConsumer<Throwable, Boolean> reportFailure) {
            return new OriginDeadLetterQueue(deadLetterQueues.create(config, vertx, consumer, reportFailure),
                    config.getChannel());
        }
    }

    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
        return deadLetterQueue.handle(asItWas(RecordMessage.nacked(record, metadata)), reason, metadata);
    }

    private <K, V> IncomingKafkaRecord<K, V> asItWas(IncomingKafkaRecord<K, V> record) {
        Optional<RetryHeaders> retry = RetryHeaders.read(record.getHeaders());
        Headers headers = new RecordHeaders(record.getHeaders());
        RetryHeaders.strip(headers);
        ConsumerRecord<K, V> original = new ConsumerRecord<>(retry.map(RetryHeaders::topic).orElse(record.getTopic()),
                retry.map(RetryHeaders::partition).orElse(record.getPartition()),
                retry.map(RetryHeaders::offset).orElse(record.getOffset()),
                retry.map(RetryHeaders::timestamp).map(Instant::toEpochMilli).orElse(record.getTimestamp().toEpochMilli()),
                TimestampType.CREATE_TIME, ConsumerRecord.NULL_SIZE, ConsumerRecord.NULL_SIZE, record.getKey(),
                record.getPayload(), headers, Optional.empty());
        return new IncomingKafkaRecord<>(original, channel, 0, new NothingToCommit(), this, false, false);
    }

    @Override
    public void terminate() {
        deadLetterQueue.terminate();
    }

    /** The pipeline itself tells what became of a record. */
    private static final class NothingToCommit implements KafkaCommitHandler {
        @Override
        public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> ignored) {
            return Uni.createFrom().voidItem();
        }
    }
}
