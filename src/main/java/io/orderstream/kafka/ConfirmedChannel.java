package io.orderstream.kafka;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.producer.RecordMetadata;
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

/** Writes records one by one through a channel, and tells where the broker has confirmed each. Thread safe. */
public final class ConfirmedChannel {

    /**
     * A record that is in its topic.
     *
     * @param trace what has followed it there
     */
    public record Confirmed(RecordMetadata at, WriteTrace trace) {
    }

    /** Who waits is a client's request; the producer goes on for as long as DELIVERY_TIMEOUT. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final MutinyEmitter<byte[]> channel;
    private final String topic;
    private final BrokerWatch broker;
    private final Tracing tracing;
    private final Duration longestWait;

    /** @param topic the channel's */
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
     * @return where it is; fails with {@link WriteUnavailableException} if the broker is away, which then is told at
     *         once, or does not confirm it in time, and with {@link WriteRefusedException} if it never will
     */
    public Uni<Confirmed> write(byte[] key, byte[] value, Headers headers) {
        return Uni.createFrom().deferred(() -> {
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

    /** A future, because it takes a time-out and an answer in the same moment for one of the two. */
    private Uni<Void> sent(Message<byte[]> message) {
        return Uni.createFrom().completionStage(() -> channel.sendMessage(message).subscribeAsCompletionStage()
                .orTimeout(longestWait.toMillis(), TimeUnit.MILLISECONDS));
    }

    private Throwable told(Throwable failure) {
        if (failure instanceof WriteUnavailableException) {
            return failure;
        }
        if (failure instanceof RecordTooLargeException) {
            return new WriteRefusedException(failure.getMessage(), failure);
        }
        String reason = failure instanceof TimeoutException ? "no answer within " + longestWait.toSeconds() + " s"
                : failure.getMessage();
        return new WriteUnavailableException("the broker has not confirmed it: " + reason, failure);
    }
}
