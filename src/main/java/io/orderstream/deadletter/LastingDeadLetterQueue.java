package io.orderstream.deadletter;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

import io.orderstream.kafka.RecordMessage;
import io.orderstream.support.Failures;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * SmallRye's failure strategy {@code dead-letter-queue}, which remains usable after a letter has been refused, and writes a
 * letter that its topic does not take in a smaller form. A refusal fails only the letter it is about, which may be tried again.
 * <p>
 * SmallRye 4.31.0 closes the stream of its dead-letter queue at the first letter that is refused: the function that takes the
 * refusal returns it, which {@code KafkaSink} takes for a failure of its own, and the letters behind it are never answered.
 * Here, this function is made to end well. Kafka's producer has failures as well after which it sends nothing, such as one to
 * log in: then SmallRye's queue is made anew, as soon as all its letters have their answers.
 * <p>
 * Confined to the event loop of the channel, but for {@link #terminate()}.
 */
final class LastingDeadLetterQueue implements KafkaFailureHandler {

    private final Supplier<KafkaFailureHandler> newQueue;
    private final KeptLetters kept;
    private volatile KafkaFailureHandler queue;
    private volatile boolean isTerminated;
    private int underWay;
    /** Why the queue has to be made anew; null if it has not. */
    private Throwable broken;
    private boolean isMaking;

    /**
     * Takes the place of SmallRye's, under the same name, for channels that get batches, as all pipelines do. It is
     * no decorator: ArC of Quarkus 3.30 generates a decorated bean of a library for the class loader of the
     * application, where the fields of the library's bean cannot be set.
     */
    @ApplicationScoped
    @Alternative
    @Priority(Factory.PRIORITY)
    @Identifier(KafkaFailureHandler.Strategy.DEAD_LETTER_QUEUE)
    static class Factory implements KafkaFailureHandler.Factory {

        private static final int PRIORITY = 1;

        private final KafkaDeadLetterQueue.Factory smallRyes;
        private final KeptLetters kept;

        Factory(@Identifier(KafkaFailureHandler.Strategy.DEAD_LETTER_QUEUE) KafkaDeadLetterQueue.Factory smallRyes,
                KeptLetters kept) {
            this.smallRyes = smallRyes;
            this.kept = kept;
        }

        @Override
        public KafkaFailureHandler create(KafkaConnectorIncomingConfiguration config, io.vertx.mutiny.core.Vertx vertx,
                KafkaConsumer<?, ?> consumer, BiConsumer<Throwable, Boolean> reportFailure) {
            // A channel that gets single records may have a deserializer, whose failures SmallRye takes to its own queue only.
            return config.getBatch()
                    ? new LastingDeadLetterQueue(() -> smallRyes.create(config, vertx, consumer, reportFailure), kept)
                    : smallRyes.create(config, vertx, consumer, reportFailure);
        }
    }

    LastingDeadLetterQueue(Supplier<KafkaFailureHandler> newQueue, KeptLetters kept) {
        this.newQueue = newQueue;
        this.kept = kept;
        this.queue = newQueue.get();
    }

    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
        Context context = Vertx.currentContext();
        // Outside of an event loop, where no pipeline is, SmallRye's queue is not safe either.
        Executor eventLoop = context == null ? Runnable::run : task -> context.runOnContext(now -> task.run());
        Letter<K, V> letter = new Letter<>(RecordMessage.nacked(record, metadata));
        Function<LetterForm, Uni<Void>> write = form -> write(letter.in(form), reason, metadata, eventLoop);
        return write.apply(LetterForm.WHOLE)
                .onFailure(LetterForm::isTooLarge).recoverWithUni(() -> write.apply(LetterForm.BRIEF))
                .onFailure(LetterForm::isTooLarge).recoverWithUni(refusal -> keep(letter, refusal, eventLoop)
                        .chain(there -> write.apply(LetterForm.kept(there)).onFailure(LetterForm::isTooLarge)
                                .recoverWithUni(() -> write.apply(LetterForm.kept(there).withoutKey()))));
    }

    private <K, V> Uni<Void> write(IncomingKafkaRecord<K, V> letter, Throwable reason, Metadata metadata, Executor eventLoop) {
        if (broken != null) {
            makeAnew(eventLoop);
            return Uni.createFrom().failure(broken);
        }
        underWay++;
        return queue.handle(letter, reason, metadata).emitOn(eventLoop)
                .onItemOrFailure().invoke((written, failure) -> answered(failure, eventLoop));
    }

    private void answered(Throwable failure, Executor eventLoop) {
        underWay--;
        if (failure != null && broken == null && isTheProducers(failure)) {
            broken = failure;
        }
        if (broken != null && underWay == 0) {
            makeAnew(eventLoop);
        }
    }

    /** Whether the producer fails, which will go on, and not only the letter. */
    private static boolean isTheProducers(Throwable failure) {
        return !(failure instanceof ApiException) || failure instanceof ClusterAuthorizationException
                || failure instanceof AuthenticationException;
    }

    /** Making a producer blocks, as does closing one. */
    private void makeAnew(Executor eventLoop) {
        if (isMaking || isTerminated || underWay > 0) {
            return;
        }
        isMaking = true;
        KafkaFailureHandler old = queue;
        Uni.createFrom().item(() -> {
            old.terminate();
            return newQueue.get();
        }).runSubscriptionOn(Infrastructure.getDefaultWorkerPool()).emitOn(eventLoop).subscribe().with(made -> {
            isMaking = false;
            broken = null;
            queue = made;
            if (isTerminated) {
                made.terminate();
            }
        }, failure -> {
            isMaking = false;
            broken = failure;
        });
    }

    private Uni<KeptLetter> keep(Letter<?, ?> letter, Throwable refusal, Executor eventLoop) {
        return Uni.createFrom().item(() -> {
            try {
                return kept.keep(letter.whole());
            } catch (IOException e) {
                throw new KafkaException(Failures.message(refusal) + " It cannot be kept on disk either: "
                        + Failures.message(e), e);
            }
        }).runSubscriptionOn(Infrastructure.getDefaultWorkerPool()).emitOn(eventLoop);
    }

    @Override
    public void terminate() {
        isTerminated = true;
        queue.terminate();
    }

    /** The letter of a record, in the forms in which it is tried. */
    private static final class Letter<K, V> {

        private final IncomingKafkaRecord<K, V> record;
        /** What SmallRye makes of the record. */
        private ProducerRecord<K, V> whole;

        Letter(IncomingKafkaRecord<K, V> record) {
            this.record = record;
        }

        /** The channels carry bytes. */
        @SuppressWarnings("unchecked")
        ProducerRecord<byte[], byte[]> whole() {
            return (ProducerRecord<byte[], byte[]>) whole;
        }

        IncomingKafkaRecord<K, V> in(LetterForm form) {
            return new Refusable<>(record, dead -> {
                whole = dead;
                return form.of(dead);
            });
        }
    }

    /** A record whose letter may be refused, and is given its form, when SmallRye's queue makes a message of it. */
    private static final class Refusable<K, V> extends IncomingKafkaRecord<K, V> {

        private final IncomingKafkaRecord<K, V> record;
        private final UnaryOperator<ProducerRecord<K, V>> form;

        @SuppressWarnings("unchecked")
        Refusable(IncomingKafkaRecord<K, V> record, UnaryOperator<ProducerRecord<K, V>> form) {
            super(record.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow().getRecord(), "", 0, null, null, false,
                    false);
            this.record = record;
            this.form = form;
        }

        /** As the pipeline has completed them: what it was made of has those that were received. */
        @Override
        public Headers getHeaders() {
            return record.getHeaders();
        }

        @Override
        public CompletionStage<Void> ack(Metadata metadata) {
            return record.ack(metadata);
        }

        @Override
        @SuppressWarnings("unchecked")
        public <P> Message<P> withPayload(P letter) {
            return new Answered<>((P) form.apply((ProducerRecord<K, V>) letter), getMetadata());
        }
    }

    /** A message whose refusal is no failure of the stream it is in. */
    private record Answered<P>(P payload, Metadata metadata, Supplier<CompletionStage<Void>> confirmed) implements Message<P> {

        Answered(P payload, Metadata metadata) {
            this(payload, metadata, () -> CompletableFuture.completedStage(null));
        }

        @Override
        public P getPayload() {
            return payload;
        }

        @Override
        public Metadata getMetadata() {
            return metadata;
        }

        @Override
        public Message<P> withAck(Supplier<CompletionStage<Void>> supplier) {
            return new Answered<>(payload, metadata, supplier);
        }

        @Override
        public Message<P> withNack(Function<Throwable, CompletionStage<Void>> refused) {
            return Message.of(payload, metadata, confirmed,
                    failure -> refused.apply(failure).exceptionally(told -> null));
        }
    }
}
