package io.orderstream.deadletter;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.orderstream.testsupport.LogLines;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** A letter that is refused is written once it is taken, or left when it is somebody else's. */
class DeadLetterWriterTest {

    private final Vertx vertx = Vertx.vertx();
    private final Context eventLoop = vertx.getOrCreateContext();
    private final DeadLetterRefusals refusals = new DeadLetterRefusals();
    private final AtomicBoolean isOurs = new AtomicBoolean(true);
    private final AtomicBoolean isBrokerAway = new AtomicBoolean();
    private final Queue<Throwable> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Long> written = new ConcurrentLinkedQueue<>();
    private LogLines log;

    @BeforeEach
    void listen() {
        log = new LogLines(DeadLetterRefusals.class);
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void shouldTryAgainUntilTheLetterIsWrittenAndSayOnceThatItIsRefused() {
        // Given
        answers.add(new TopicAuthorizationException("not authorized\nforged line"));
        answers.add(new RecordTooLargeException("too large"));

        // When
        CompletableFuture<Void> letter = write(7);

        // Then
        await().atMost(PATIENCE).until(() -> refusals.letters("orders") == 1);
        await().atMost(PATIENCE).until(() -> refusals.now().get(0).first().tries() == 2);
        assertThat(refusals.now()).singleElement().satisfies(refused -> {
            assertThat(refused.pipeline()).isEqualTo("orders");
            assertThat(refused.first().record()).isEqualTo("orders-1-7");
            assertThat(refused.first().reason()).isEqualTo("too large");
        });
        assertThat(letter).succeedsWithin(PATIENCE);
        assertThat(written).containsExactly(7L);
        assertThat(refusals.now()).isEmpty();
        assertThat(log.lines()).satisfiesExactly(
                begin -> assertThat(begin).contains("dead letter refused", "record=orders-1-7",
                        "reason=\"not authorized forged line\""),
                end -> assertThat(end).contains("no dead letter is refused any more", "outcome=written"));
    }

    @Test
    void shouldTellOfTheLastOfSeveralLettersOnly() {
        // Given
        answers.add(new RecordTooLargeException("too large"));
        answers.add(new RecordTooLargeException("too large"));

        // When
        CompletableFuture<Void> one = write(1);
        CompletableFuture<Void> two = write(2);

        // Then
        assertThat(one).succeedsWithin(PATIENCE);
        assertThat(two).succeedsWithin(PATIENCE);
        assertThat(log.lines()).hasSize(2);
    }

    @Test
    void shouldLeaveALetterThatIsNoLongerOurs() {
        // Given
        answers.add(new RecordTooLargeException("too large"));
        CompletableFuture<Void> letter = write(7);
        await().atMost(PATIENCE).until(() -> refusals.letters("orders") == 1);

        // When
        isOurs.set(false);

        // Then
        assertThat(letter).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(RecordTooLargeException.class);
        assertThat(written).isEmpty();
        assertThat(refusals.now()).isEmpty();
        assertThat(log.lines()).last().asString().contains("outcome=handed-back");
    }

    @Test
    void shouldNotCallItARefusalThatTheBrokerIsAway() {
        // Given
        isBrokerAway.set(true);
        answers.add(new TimeoutException("no answer"));

        // When
        CompletableFuture<Void> letter = write(7);

        // Then
        assertThat(letter).succeedsWithin(PATIENCE);
        assertThat(log.lines()).isEmpty();
    }

    private CompletableFuture<Void> write(long offset) {
        DeadLetterWriter writer = new DeadLetterWriter("group", Clock.systemUTC(), (headers, value) -> {
        }, refusals.of("orders"), isBrokerAway::get);
        IncomingKafkaRecord<byte[], byte[]> record = new IncomingKafkaRecord<>(
                new ConsumerRecord<>("orders", 1, offset, new byte[1], new byte[1]), "orders-in", 0, null, new Broker(), false,
                false);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        eventLoop.runOnContext(now -> writer
                .write(record, Instant.EPOCH, DeadLetterKind.POISON, 1, new IllegalStateException("poison"), isOurs::get)
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        ended.complete(null);
                    } else {
                        ended.completeExceptionally(failure);
                    }
                }));
        return ended;
    }

    /** Refuses letters for the reasons there are, then writes them; answers on another thread, as a producer does. */
    private final class Broker implements KafkaFailureHandler {
        @Override
        public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
            assertThat(Vertx.currentContext()).isSameAs(eventLoop);
            Throwable refusal = answers.poll();
            if (refusal == null) {
                written.add(record.getOffset());
            }
            return Uni.createFrom().completionStage(CompletableFuture.runAsync(() -> {
                if (refusal != null) {
                    throw (RuntimeException) refusal;
                }
            }));
        }
    }
}
