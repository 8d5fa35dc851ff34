package io.orderstream.deadletter;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** SmallRye's queue stays open, whatever is refused, and is made anew only when its producer is of no more use. */
class LastingDeadLetterQueueTest {

    private static final KeptLetter KEPT = new KeptLetter("host", "/kept/file.avro", 10);

    private final Vertx vertx = Vertx.vertx();
    private final Context eventLoop = vertx.getOrCreateContext();
    private final List<SmallRyesQueue> queues = new CopyOnWriteArrayList<>();
    private final Disk disk = new Disk();
    private final LastingDeadLetterQueue queue = new LastingDeadLetterQueue(this::newQueue, disk);

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void shouldTellOfARefusalWhoWroteTheLetterAndNotTheStreamItIsIn() {
        // Given
        TopicAuthorizationException refusal = new TopicAuthorizationException("no right");

        // When
        CompletableFuture<Void> letter = write("a");
        SmallRyesQueue.Sent sent = awaitSent(0, 0);

        // Then
        assertThat(sent.message().nack(refusal).toCompletableFuture()).succeedsWithin(PATIENCE);
        assertThat(letter).failsWithin(PATIENCE).withThrowableThat().withCause(refusal);

        // When
        CompletableFuture<Void> again = write("a");
        awaitSent(0, 1).message().ack();

        // Then
        assertThat(again).succeedsWithin(PATIENCE);
        assertThat(queues).hasSize(1);
    }

    @Test
    void shouldWriteTheHeadersAsThePipelineHasLeftThem() {
        // Given
        IncomingKafkaRecord<byte[], byte[]> record = record("a");
        record.getHeaders().remove("gone").add("added", new byte[1]);

        // When
        write(record);

        // Then
        assertThat(awaitSent(0, 0).record().headers()).extracting(Header::key).containsExactly("added");
    }

    @Test
    void shouldWriteALetterInTheFirstFormThatFits() {
        // When
        CompletableFuture<Void> letter = write("a");
        for (int form = 0; form < 3; form++) {
            awaitSent(0, form).message().nack(new RecordTooLargeException("too large"));
        }
        awaitSent(0, 3).message().ack();

        // Then
        assertThat(letter).succeedsWithin(PATIENCE);
        assertThat(queues.get(0).sent).extracting(sent -> sent.record().value() == null)
                .containsExactly(false, false, true, true);
        assertThat(queues.get(0).sent).extracting(sent -> sent.record().key() == null)
                .containsExactly(false, false, false, true);
        assertThat(disk.kept).singleElement().satisfies(whole -> assertThat(whole.value()).isNotNull());
    }

    @Test
    void shouldFailWithBothReasonsIfTheDiskTakesNothingEither() {
        // Given
        disk.failure = new IOException("no space left");

        // When
        CompletableFuture<Void> letter = write("a");
        awaitSent(0, 0).message().nack(new RecordTooLargeException("too large."));
        awaitSent(0, 1).message().nack(new RecordTooLargeException("too large."));

        // Then
        assertThat(letter).failsWithin(PATIENCE).withThrowableThat().havingCause().isInstanceOf(KafkaException.class)
                .withMessageContaining("too large. ").withMessageContaining("no space left");
    }

    static List<RuntimeException> endsOfAProducer() {
        return List.of(new SaslAuthenticationException("wrong password"), new ClusterAuthorizationException("no right"),
                new KafkaException("Cannot execute transactional method because we are in an error state"),
                new IllegalStateException("Cannot perform operation after producer has been closed"));
    }

    @ParameterizedTest
    @MethodSource("endsOfAProducer")
    void shouldMakeTheQueueAnewOnceAllItsLettersHaveTheirAnswers(RuntimeException end) {
        // Given
        CompletableFuture<Void> first = write("a");
        CompletableFuture<Void> second = write("b");
        awaitSent(0, 1);

        // When
        queues.get(0).sent.get(0).message().nack(end);

        // Then
        assertThat(first).failsWithin(PATIENCE).withThrowableThat().withCause(end);
        assertThat(write("a")).failsWithin(PATIENCE).withThrowableThat().withCause(end);
        assertThat(queues).hasSize(1);

        // When
        queues.get(0).sent.get(1).message().ack();

        // Then
        assertThat(second).succeedsWithin(PATIENCE);
        await().atMost(PATIENCE).until(() -> queues.size() == 2);
        assertThat(queues.get(0).isTerminated).isTrue();

        // When
        CompletableFuture<Void> again = await().atMost(PATIENCE).until(() -> write("a"), this::isSent);
        queues.get(1).sent.get(0).message().ack();

        // Then
        assertThat(again).succeedsWithin(PATIENCE);
    }

    /** Until the new queue is in place, letters fail at once. */
    private boolean isSent(CompletableFuture<Void> letter) {
        await().atMost(PATIENCE).until(() -> letter.isDone() || !queues.get(1).sent.isEmpty());
        return !letter.isDone();
    }

    private KafkaFailureHandler newQueue() {
        SmallRyesQueue made = new SmallRyesQueue();
        queues.add(made);
        return made;
    }

    private SmallRyesQueue.Sent awaitSent(int number, int letter) {
        await().atMost(PATIENCE).until(() -> queues.get(number).sent.size() > letter);
        return queues.get(number).sent.get(letter);
    }

    private CompletableFuture<Void> write(String key) {
        return write(record(key));
    }

    private static IncomingKafkaRecord<byte[], byte[]> record(String key) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("orders", 0, 7, key.getBytes(), new byte[10]);
        record.headers().add("gone", new byte[1]);
        return new IncomingKafkaRecord<>(record, "orders-in", 0, new Acknowledged(), null, false, false);
    }

    private CompletableFuture<Void> write(IncomingKafkaRecord<byte[], byte[]> record) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        eventLoop.runOnContext(now -> queue.handle(record, new IllegalStateException("poison"), Metadata.empty()).subscribe()
                .with(done -> ended.complete(null), ended::completeExceptionally));
        return ended;
    }

    private static final class Acknowledged implements KafkaCommitHandler {
        @Override
        public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> ignored) {
            return Uni.createFrom().voidItem();
        }
    }

    /** Makes letters and messages of records as that of SmallRye 4.31.0 does. */
    private static final class SmallRyesQueue implements KafkaFailureHandler {

        private record Sent(ProducerRecord<?, ?> record, Message<?> message) {
        }

        private final List<Sent> sent = new CopyOnWriteArrayList<>();
        private volatile boolean isTerminated;

        @Override
        public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
            CompletableFuture<Void> future = new CompletableFuture<>();
            Function<Throwable, CompletionStage<Void>> refused = failure -> {
                future.completeExceptionally(failure);
                return future;
            };
            Message<?> message = record
                    .withPayload(new ProducerRecord<>("orders-dlq", null, record.getKey(), record.getPayload(),
                            record.getHeaders()))
                    .withAck(() -> record.ack().thenAccept(done -> future.complete(null))).withNack(refused);
            sent.add(new Sent((ProducerRecord<?, ?>) message.getPayload(), message));
            return Uni.createFrom().completionStage(future);
        }

        @Override
        public void terminate() {
            isTerminated = true;
        }
    }

    private static final class Disk implements KeptLetters {

        private final Queue<ProducerRecord<byte[], byte[]>> kept = new ConcurrentLinkedQueue<>();
        private volatile IOException failure;

        @Override
        public KeptLetter keep(ProducerRecord<byte[], byte[]> letter) throws IOException {
            if (failure != null) {
                throw failure;
            }
            kept.add(letter);
            return KEPT;
        }

        @Override
        public Optional<ConsumerRecord<byte[], byte[]>> whole(ConsumerRecord<byte[], byte[]> letter) {
            return Optional.empty();
        }
    }
}
