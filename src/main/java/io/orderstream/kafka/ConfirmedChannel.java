package io.orderstream.kafka;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

import io.orderstream.trace.Tracing;
import io.orderstream.trace.WriteTrace;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;

/** Writes single records through a channel and returns the position the broker has confirmed. Thread safe. */
public final class ConfirmedChannel {

    /**
     * A confirmed record.
     *
     * @param trace the trace of the write
     */
    public record Confirmed(RecordMetadata at, WriteTrace trace) {
    }

    /** Timeout of a write, since an HTTP client waits; the producer goes on trying for DELIVERY_TIMEOUT. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final MutinyEmitter<byte[]> channel;
    private final String topic;
    private final BrokerWatch broker;
    private final Tracing tracing;
    private final Duration longestWait;

    /** @param topic topic of the channel */
    public ConfirmedChannel(MutinyEmitter<byte[]> channel, String topic, BrokerWatch broker, Tracing tracing) {
        this(channel, topic, broker, tracing, LONGEST_WAIT);
    }

    ConfirmedChannel(MutinyEmitter<byte[]> channel, String topic, BrokerWatch broker, Tracing tracing, Duration longestWait) {
        this.channel = channel;
        this.topic = topic;
        this.broker = broker;
        this.tracing = tracing;
        this.longestWait = longestWait;
    }

    /**
     * Writes a record.
     *
     * @return position of the record; fails with {@link WriteUnavailableException} if the broker is absent (at once)
     *         or does not confirm in time, with {@link WriteRefusedException} if the record is too large
     */
    public Uni<Confirmed> write(byte[] key, byte[] value, Headers headers) {
        return broker.known().chain(() -> {
            broker.absence().ifPresent(absence -> {
                throw new WriteUnavailableException(absence.reason(), null);
            });
            WriteTrace trace = tracing.writing(topic, key, headers);
            OutgoingMessageMetadata<RecordMetadata> confirmed = new OutgoingMessageMetadata<>();
            Metadata metadata = Metadata.of(confirmed,
                    OutgoingKafkaRecordMetadata.<byte[]> builder().withKey(key).withHeaders(headers).build());
            return sent(Message.of(value, metadata)).map(sent -> new Confirmed(confirmed.getResult(), trace))
                    .invoke(it -> trace.confirmed(it.at().partition(), it.at().offset())).onFailure().invoke(trace::givenUp);
        }).onFailure().transform(this::told);
    }

    /** A CompletableFuture resolves a timeout and a response at the same moment to one of the two. */
    private Uni<Void> sent(Message<byte[]> message) {
        return Uni.createFrom().completionStage(() -> channel.sendMessage(message).subscribeAsCompletionStage()
                .orTimeout(longestWait.toMillis(), TimeUnit.MILLISECONDS));
    }

    private Throwable told(Throwable failure) {
        if (failure instanceof WriteUnavailableException) {
            return failure;
        }
        if (failure instanceof RecordTooLargeException || failure instanceof RecordBatchTooLargeException) {
            return new WriteRefusedException(failure.getMessage(), failure);
        }
        String reason = failure instanceof TimeoutException ? "no answer within " + longestWait.toSeconds() + " s"
                : failure.getMessage();
        return new WriteUnavailableException("the broker has not confirmed it: " + reason, failure);
    }
}
