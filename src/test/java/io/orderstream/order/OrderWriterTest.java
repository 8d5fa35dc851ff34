package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.orderstream.spool.Undelivered;
import io.orderstream.testsupport.LoggedRecords;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.orderstream.trace.MemoryTracing;
import io.orderstream.trace.Tracing;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;

class OrderWriterTest {

    private static final Duration BACKOFF = Duration.ofMillis(20);
    private static final byte[] VALUE = { 1, 2, 3 };

    private final List<Undelivered> spooled = new CopyOnWriteArrayList<>();
    private final List<Message<byte[]>> again = new CopyOnWriteArrayList<>();
    private CompletableFuture<Void> durable = CompletableFuture.completedFuture(null);
    private OrderWriter outbox;

    @BeforeEach
    void open() {
        open(Tracing.OFF);
    }

    private void open(Tracing tracing) {
        outbox = new OrderWriter("orders", "orders-dlq", BACKOFF, undelivered -> {
            spooled.add(undelivered);
            return Uni.createFrom().completionStage(() -> durable);
        }, tracing);
        outbox.again().subscribe().with(again::add);
    }

    static Stream<Exception> thatMayPass() {
        return Stream.of(new TimeoutException("1 s"), new NotEnoughReplicasException("1 of 2"),
                new KafkaException("Producer closed while send in progress"), new IllegalStateException("whatever"));
    }

    static Stream<Exception> forGood() {
        return Stream.of(new RecordTooLargeException("2 MB"), new TopicAuthorizationException("orders"),
                new InvalidTopicException("or ders"));
    }

    @ParameterizedTest
    @MethodSource("thatMayPass")
    void shouldTryThreeTimesBeforeItSpools(Exception failure) {
        // Given
        Message<byte[]> first = outbox.first(order("1"), VALUE);

        // When
        assertThat(first.nack(failure).toCompletableFuture()).isDone();
        Message<byte[]> second = awaitNext(1);
        assertThat(second.nack(failure).toCompletableFuture()).isDone();
        Message<byte[]> third = awaitNext(2);

        // Then
        assertThat(spooled).isEmpty();
        assertThat(List.of(first, second, third)).allSatisfy(message -> assertThat(message.getPayload()).isEqualTo(VALUE));
        third.nack(failure);
        assertThat(spooled).singleElement().satisfies(undelivered -> {
            assertThat(undelivered.tries()).isEqualTo(3);
            assertThat(undelivered.failure()).isSameAs(failure);
            assertThat(undelivered.deadLetterTopic()).isEqualTo("orders-dlq");
            assertThat(undelivered.record().topic()).isEqualTo("orders");
            assertThat(undelivered.record().key()).isEqualTo("1".getBytes(StandardCharsets.UTF_8));
            assertThat(undelivered.record().value()).isEqualTo(VALUE);
            assertThat(undelivered.record().timestamp()).isNotNull();
        });
    }

    @ParameterizedTest
    @MethodSource("forGood")
    void shouldSpoolAtOnceWhatIsRefusedForGood(Exception failure) {
        // When
        outbox.first(order("1"), VALUE).nack(failure);

        // Then
        assertThat(spooled).singleElement().extracting(Undelivered::tries).isEqualTo(1);
        await().during(BACKOFF.multipliedBy(5)).until(again::isEmpty);
    }

    @Test
    void shouldSendWithoutAMessageTheRecordAMessageStandsFor() {
        // Given
        MemoryTracing traces = new MemoryTracing();
        open(traces.tracing());
        try (Sender producer = new Sender(true)) {
            // When
            outbox.send(producer, order("1"), VALUE);

            // Then
            assertThat(producer.history()).singleElement().satisfies(record -> {
                assertThat(record.topic()).isEqualTo("orders");
                assertThat(record.partition()).isNull();
                assertThat(record.key()).isEqualTo("1".getBytes(StandardCharsets.UTF_8));
                assertThat(record.value()).isEqualTo(VALUE);
                assertThat(record.timestamp()).isNotNull();
                assertThat(new String(record.headers().lastHeader("traceparent").value()).split("-")[2])
                        .isEqualTo(spanId(traces, 0));
            });
        }
        assertThat(outbox.room()).isEqualTo(OrderWriter.MOST_UNDER_WAY);
        assertThat(again).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("thatMayPass")
    void shouldTryAgainByMessageWhatTheBrokerDidNotTake(RuntimeException failure) {
        // Given
        try (Sender producer = new Sender(false)) {
            outbox.send(producer, order("1"), VALUE);

            // When
            producer.errorNext(failure);
        }

        // Then
        awaitNext(1).nack(failure);
        assertThat(spooled).isEmpty();
        awaitNext(2).nack(failure);
        assertThat(spooled).singleElement().satisfies(undelivered -> {
            assertThat(undelivered.tries()).isEqualTo(3);
            assertThat(undelivered.failure()).isSameAs(failure);
        });
    }

    @ParameterizedTest
    @MethodSource("forGood")
    void shouldSpoolAtOnceWhatTheProducerRefusesForGood(RuntimeException failure) {
        // Given
        try (Sender producer = new Sender(false)) {
            outbox.send(producer, order("1"), VALUE);

            // When
            producer.errorNext(failure);
        }

        // Then
        assertThat(spooled).singleElement().extracting(Undelivered::failure).isSameAs(failure);
        assertThat(outbox.room()).isEqualTo(OrderWriter.MOST_UNDER_WAY);
    }

    @Test
    void shouldKeepWhatAProducerThatIsClosedDoesNotTake() {
        // Given
        Sender producer = new Sender(true);
        producer.close();

        // When
        outbox.send(producer, order("1"), VALUE);
        outbox.send(producer, order("2"), VALUE);
        outbox.spoolRest();

        // Then
        assertThat(spooled).extracting(undelivered -> new String(undelivered.record().key(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("1", "2");
        assertThat(spooled).extracting(Undelivered::failure).allMatch(IllegalStateException.class::isInstance);
    }

    @Test
    void shouldNotForgetAnOrderBeforeItIsOnTheDisk() {
        // Given
        durable = new CompletableFuture<>();
        Message<byte[]> message = outbox.first(order("1"), VALUE);

        // When
        CompletableFuture<Void> nacked = message.nack(new RecordTooLargeException("2 MB")).toCompletableFuture();

        // Then
        assertThat(nacked).isNotDone();
        durable.complete(null);
        nacked.join();
    }

    @TimedTest
    void shouldSpoolAtTheEndWhatIsNeitherConfirmedNorSpooled() {
        // Given
        Message<byte[]> confirmed = outbox.first(order("confirmed"), VALUE);
        Message<byte[]> refused = outbox.first(order("refused"), VALUE);
        Message<byte[]> waiting = outbox.first(order("waiting"), VALUE);
        Message<byte[]> sent = outbox.first(order("sent"), VALUE);
        confirm(confirmed);
        refused.nack(new RecordTooLargeException("2 MB"));
        waiting.nack(new TimeoutException("1 s"));
        spooled.clear();

        // When
        outbox.spoolRest();
        if (!again.isEmpty()) {
            throw new TooLate("the next try was due before the end");
        }
        sent.nack(new RecordTooLargeException("too late"));
        outbox.spoolRest();

        // Then
        assertThat(spooled).extracting(undelivered -> new String(undelivered.record().key(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("waiting", "sent");
        assertThat(spooled).extracting(undelivered -> undelivered.failure().getMessage()).containsExactlyInAnyOrder("1 s",
                "the application ended before the broker confirmed the order");
        await().during(BACKOFF.multipliedBy(5)).until(again::isEmpty);
    }

    @Test
    void shouldSpoolTheTraceOfAnOrderAndNameItInEveryLine() {
        // Given
        MemoryTracing traces = new MemoryTracing();
        open(traces.tracing());
        try (LoggedRecords log = new LoggedRecords(OrderWriter.class)) {
            // When
            confirm(outbox.first(order("1"), VALUE));
            Message<byte[]> second = outbox.first(order("2"), VALUE);
            second.nack(new TimeoutException("1 s"));
            awaitNext(1).nack(new RecordTooLargeException("2 MB"));
            durable = CompletableFuture.failedFuture(new IllegalStateException("closed"));
            outbox.first(order("3"), VALUE).nack(new RecordTooLargeException("2 MB"));

            // Then
            assertThat(log.messages()).extracting(line -> line.split(":")[0]).containsExactly("produced",
                    "order not delivered yet", "spooled", "order lost");
            assertThat(log.records()).extracting(line -> line.getMdc("spanId")).containsExactly(spanId(traces, 0),
                    spanId(traces, 1), spanId(traces, 1), spanId(traces, 2));
            assertThat(log.records()).extracting(line -> line.getMdc("traceId")).doesNotContainNull();
            assertThat(MDC.getMap()).isEmpty();
        }
        assertThat(spooled).extracting(
                undelivered -> new String(undelivered.record().headers().lastHeader("traceparent").value()).split("-")[2])
                .containsExactly(spanId(traces, 1), spanId(traces, 2));
    }

    private static String spanId(MemoryTracing traces, int number) {
        return traces.ended().get(number).getSpanId();
    }

    @Test
    void shouldHaveRoomForAsManyAsMayBeUnderWayWaitingOnesIncluded() {
        // Given
        Message<byte[]> first = outbox.first(order("0"), VALUE);
        for (int i = 1; i < OrderWriter.MOST_UNDER_WAY; i++) {
            assertThat(outbox.room()).isPositive();
            outbox.first(order(Integer.toString(i)), VALUE);
        }

        // When
        first.nack(new TimeoutException("1 s"));

        // Then
        assertThat(outbox.room()).isZero();
        confirm(awaitNext(1));
        assertThat(outbox.room()).isPositive();
    }

    /** Instead of a broker, whose answers are those of the test unless it confirms by itself. */
    private static final class Sender extends MockProducer<byte[], byte[]> {
        Sender(boolean confirms) {
            super(confirms, null, new ByteArraySerializer(), new ByteArraySerializer());
        }
    }

    private Message<byte[]> awaitNext(int number) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> again.size() == number);
        return again.get(number - 1);
    }

    private static void confirm(Message<byte[]> message) {
        OutgoingMessageMetadata.setResultOnMessage(message, new RecordMetadata(new TopicPartition("orders", 0), 0, 0, 0, 0, 0));
        message.ack();
    }

    private static Order order(String id) {
        return Order.newBuilder().setOrderId(id).setProduct("Laptop").setPrice(1).build();
    }
}
