package io.orderstream.deadletter;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jboss.logging.Logger;

import io.orderstream.support.Failures;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * Dead-letters records by nacking them, with {@link DeadLetterHeaders}, to SmallRye's {@code dead-letter-queue}. A letter that
 * is refused is tried again until it is written, after delays that grow from a second to a minute.
 * <p>
 * The channel carries bytes, so key and value are written unchanged and no serializer can fail. Call on the event
 * loop of the channel: the strategy's queue is not thread safe.
 */
public final class DeadLetterWriter {

    private static final Logger LOG = Logger.getLogger(DeadLetterWriter.class);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
    /** Between two looks whether a letter is still to be written; also the first delay. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final String group;
    private final Clock clock;
    private final BiConsumer<Headers, byte[]> completion;
    private final DeadLetterRefusals.OfPipeline refusals;
    private final BooleanSupplier isBrokerAway;

    /**
     * @param group consumer group that gives records up
     * @param clock gives the time of it
     * @param completion gets headers and value of a record, and adds what its dead letter is to have as well
     * @param refusals told of letters that are refused
     * @param isBrokerAway whether no broker answers, which is no refusal
     */
    public DeadLetterWriter(String group, Clock clock, BiConsumer<Headers, byte[]> completion,
            DeadLetterRefusals.OfPipeline refusals, BooleanSupplier isBrokerAway) {
        this.group = group;
        this.clock = clock;
        this.completion = completion;
        this.refusals = refusals;
        this.isBrokerAway = isBrokerAway;
    }

    /**
     * Writes the dead letter of a record. One whose answer is lost is written again, so it may be there twice.
     *
     * @param record the record as it was received
     * @param originalTimestamp timestamp of the original record
     * @param kind why the record is dead-lettered
     * @param attempts number of attempts of the handler
     * @param reason the last failure
     * @param isOurs asked on the event loop after each refusal, and then once a second: false ends the tries
     * @return completes when the broker has confirmed the write; fails with the last refusal if it is not ours any more
     */
    public CompletionStage<Void> write(IncomingKafkaRecord<byte[], byte[]> record, Instant originalTimestamp,
            DeadLetterKind kind, int attempts, Throwable reason, BooleanSupplier isOurs) {
        DeadLetterHeaders.strip(record.getHeaders());
        complete(record);
        Throwable told = Failures.readable(reason);
        Letter letter = new Letter(record, told, Metadata.of(OutgoingKafkaRecordMetadata.builder()
                .withHeaders(DeadLetterHeaders.of(kind, attempts, group, told, clock.instant(), originalTimestamp))
                .build()), isOurs);
        letter.attempt();
        return letter.written;
    }

    /** The completion is somebody's code: without it a dead letter is still one. */
    private void complete(IncomingKafkaRecord<byte[], byte[]> record) {
        try {
            completion.accept(record.getHeaders(), record.getPayload());
        } catch (Throwable e) {
            LOG.warnf("dead letter not completed: topic=%s reason=\"%s\"", record.getTopic(), Failures.brief(e));
        }
    }

    /** A letter until it is written. Confined to the event loop, but for its first answer. */
    private final class Letter {

        private final CompletableFuture<Void> written = new CompletableFuture<>();
        private final IncomingKafkaRecord<byte[], byte[]> record;
        private final Throwable reason;
        private final Metadata metadata;
        private final BooleanSupplier isOurs;
        private final Context eventLoop = Vertx.currentContext();
        private Duration delay = LOOK;
        private boolean isRefused;

        Letter(IncomingKafkaRecord<byte[], byte[]> record, Throwable reason, Metadata metadata, BooleanSupplier isOurs) {
            this.record = record;
            this.reason = reason;
            this.metadata = metadata;
            this.isOurs = isOurs;
        }

        void attempt() {
            CompletionStage<Void> answer;
            try {
                answer = record.nack(reason, metadata);
            } catch (RuntimeException e) {
                answer = CompletableFuture.failedStage(e);
            }
            answer.whenComplete((confirmed, failure) -> {
                if (failure == null) {
                    end(null);
                } else {
                    Throwable refusal = failure instanceof CompletionException ? failure.getCause() : failure;
                    eventLoop.runOnContext(later -> refused(refusal));
                }
            });
        }

        private void refused(Throwable refusal) {
            if (!isOurs.getAsBoolean()) {
                end(refusal);
            } else if (isBrokerAway.getAsBoolean()) {
                waitThenAttempt(LOOK, refusal);
            } else {
                isRefused = true;
                refusals.refused(name(), refusal);
                waitThenAttempt(delay, refusal);
                delay = delay.multipliedBy(2).compareTo(LONGEST_DELAY) < 0 ? delay.multipliedBy(2) : LONGEST_DELAY;
            }
        }

        private void waitThenAttempt(Duration remaining, Throwable refusal) {
            Duration step = remaining.compareTo(LOOK) < 0 ? remaining : LOOK;
            eventLoop.owner().setTimer(step.toMillis(), timer -> {
                if (!isOurs.getAsBoolean()) {
                    end(refusal);
                } else if (remaining.compareTo(step) > 0) {
                    waitThenAttempt(remaining.minus(step), refusal);
                } else {
                    attempt();
                }
            });
        }

        private void end(Throwable refusal) {
            if (isRefused) {
                refusals.ended(name(), refusal == null);
            }
            if (refusal == null) {
                written.complete(null);
            } else {
                written.completeExceptionally(refusal);
            }
        }

        private String name() {
            return record.getTopic() + "-" + record.getPartition() + "-" + record.getOffset();
        }
    }
}
