package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import com.sun.management.ThreadMXBean;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.orderstream.commit.TotalsCommit;
import io.orderstream.commit.TotalsCommits;
import io.orderstream.deadletter.DeadLetterRefusals;
import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.kafka.PolledPartition;
import io.orderstream.order.Money;
import io.orderstream.order.Order;
import io.orderstream.order.RandomOrders;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.outage.Outages;
import io.orderstream.outage.TrialOutages;
import io.orderstream.pipeline.PipelineSettings.RetryMode;
import io.orderstream.record.Decoder;
import io.orderstream.record.Delivery;
import io.orderstream.schema.AvroDecoder;
import io.orderstream.schema.AvroEncoder;
import io.orderstream.schema.Frames;
import io.orderstream.support.Standstill;
import io.orderstream.totals.RunningTotals;
import io.orderstream.trace.Tracing;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.impl.KafkaRecordHelper;
import io.vertx.mutiny.core.Vertx;

/**
 * What is allocated for a record between Kafka's consumer and the offset that may be committed, on its polling thread and on
 * the event loop: bytes do not depend on what else the machine does, as times would. The figures are those of the JVM of the
 * tests, whose compiler leaves no allocation out.
 */
@Tag("full")
class CleanPathAllocationFullTest {

    /** Bytes a record whose handler is done when it returns; and one whose handler is done later, so that it is in a lane. */
    private static final long STORED_AT_ONCE = 658;
    private static final long STORED_LATER = 866;

    private static final double TOLERANCE = 1.1;
    private static final int PARTITIONS = 6;
    private static final int POLLED = 500;
    private static final int WARM_UP = 200;
    private static final int POLLS = 200;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Vertx vertx = Vertx.vertx();
    private final RunningTotals totals = TotalsCommits.average();
    private final TotalsCommit commits = TotalsCommits.started(vertx, new MockConsumer<>("earliest"), PipelineHarness.TOPIC,
            PARTITIONS, totals, Duration.ofHours(1));
    private final PolledPartition.Interceptor interceptor = new PolledPartition.Interceptor();
    private final ConsumerGroupMetadata group = new ConsumerGroupMetadata("group", 1, "member", Optional.empty());
    private final Random random = new Random(1);
    private final AvroEncoder<Order> encoder = new AvroEncoder<>(Order.class, 1);
    private final Queue<UniEmitter<? super Void>> underWay = new ArrayDeque<>();
    private final Logger log = Logger.getLogger("io.orderstream.pipeline");
    private long polled;
    private long bytes;

    /** As it is by default. */
    @BeforeEach
    void logNoRecord() {
        log.setLevel(Level.INFO);
    }

    @AfterEach
    void close() {
        log.setLevel(null);
        vertx.closeAndAwait();
    }

    @Test
    void shouldAllocateNoMoreForARecordThatIsDoneAtOnce() throws Exception {
        // Given
        Pipeline<Order> pipeline = pipeline(order -> Uni.createFrom().voidItem());

        // When
        long each = bytesForEach(pipeline);

        // Then
        assertThat(each).isLessThanOrEqualTo((long) (STORED_AT_ONCE * TOLERANCE));
    }

    @Test
    void shouldAllocateNoMoreForARecordThatIsInALane() throws Exception {
        // Given
        Pipeline<Order> pipeline = pipeline(
                order -> Uni.createFrom().emitter((UniEmitter<? super Void> emitter) -> underWay.add(emitter)));

        // When
        long each = bytesForEach(pipeline);

        // Then
        assertThat(each).isLessThanOrEqualTo((long) (STORED_LATER * TOLERANCE));
    }

    private long bytesForEach(Pipeline<Order> pipeline) throws Exception {
        for (int poll = 0; poll < WARM_UP; poll++) {
            poll(pipeline);
        }
        bytes = 0;
        for (int poll = 0; poll < POLLS; poll++) {
            poll(pipeline);
        }
        assertThat(totals.totals().processed()).isEqualTo((long) (WARM_UP + POLLS) * POLLED);
        return bytes / (POLLS * POLLED);
    }

    /** What SmallRye does with a poll, on both threads, and then the pipeline. */
    private void poll(Pipeline<Order> pipeline) throws Exception {
        ConsumerRecords<byte[], byte[]> found = records();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        ConsumerRecords<byte[], byte[]> handedOver = interceptor.onConsume(found);
        handedOver.forEach(record -> KafkaRecordHelper.addGenerationIdToHeaders(record, group));
        bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
        bytes += CompletableFuture.supplyAsync(() -> {
            long onEventLoop = THREADS.getCurrentThreadAllocatedBytes();
            pipeline.process(new IncomingKafkaRecordBatch<>(handedOver, "orders-in", 0, commits, null, false, false))
                    .subscribeAsCompletionStage();
            while (!underWay.isEmpty()) {
                underWay.remove().complete(null);
            }
            return THREADS.getCurrentThreadAllocatedBytes() - onEventLoop;
        }, commits::runOnContext).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** As Kafka's consumer gives them: those of one partition after those of another. */
    private ConsumerRecords<byte[], byte[]> records() {
        TopicPartition partition = new TopicPartition(PipelineHarness.TOPIC, (int) (polled / POLLED % PARTITIONS));
        long first = polled / POLLED / PARTITIONS * POLLED;
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(POLLED);
        for (int i = 0; i < POLLED; i++) {
            Order order = RandomOrders.next(random);
            byte[] value = encoder.encode(order);
            records.add(new ConsumerRecord<>(partition.topic(), partition.partition(), first + i, System.currentTimeMillis(),
                    TimestampType.CREATE_TIME, order.getOrderId().length(), value.length,
                    order.getOrderId().getBytes(StandardCharsets.UTF_8), value, new RecordHeaders(), Optional.empty()));
        }
        polled += POLLED;
        return new ConsumerRecords<>(Map.of(partition, records), Map.of(partition, new OffsetAndMetadata(first + POLLED)));
    }

    private Pipeline<Order> pipeline(Function<Delivery<Order>, Uni<Void>> handler) {
        PipelineDefinition<Order> orders = new Orders(handler,
                new AvroDecoder<>(Frames.loaded(Map.of(1, Order.getClassSchema())), Order.class, Frames.UNADAPTED));
        OutageBreaker breaker = new OutageBreaker(new Outages().of(orders.name()),
                new TrialOutages(20, 1, Duration.ofSeconds(1), Duration.ofSeconds(1)), 2 * POLLED, vertx.getDelegate());
        PipelineMeters meters = new PipelineMeters(registry(), orders.name(), totals);
        DeadLetterWriter deadLetters = new DeadLetterWriter("group", Clock.systemUTC(), orders::completeDeadLetter,
                new DeadLetterRefusals().of(orders.name()), () -> false);
        RetryPolicy policy = new RetryPolicy(null, RetryMode.IN_PLACE, "orders-retry", 3, Duration.ofSeconds(1));
        return new Pipeline<>(new PipelineParts<>(orders, orders::handle, breaker, policy, meters, deadLetters, Tracing.OFF,
                new Standstill(System::nanoTime)), commits, 2 * POLLED, POLLED, false);
    }

    /** The one that Quarkus makes. */
    @SuppressWarnings("deprecation")
    private static MeterRegistry registry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    private record Orders(Function<Delivery<Order>, Uni<Void>> handler, Decoder<Order> decoder)
            implements
                PipelineDefinition<Order> {

        @Override
        public String name() {
            return "orders";
        }

        @Override
        public Uni<Void> handle(Delivery<Order> order) {
            return handler.apply(order);
        }

        @Override
        public long amount(Order order) {
            return Money.cents(order);
        }
    }
}
