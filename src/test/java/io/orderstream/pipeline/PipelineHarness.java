package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;

import java.time.Clock;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Metadata;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orderstream.activity.Activity;
import io.orderstream.commit.PartitionState;
import io.orderstream.commit.TotalsCommit;
import io.orderstream.commit.TotalsCommits;
import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.deadletter.DeadLetterRefusals;
import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.kafka.PolledPartition;
import io.orderstream.kafka.RecordMessage;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.outage.OutageSettings;
import io.orderstream.outage.Outages;
import io.orderstream.outage.PipelineOutages;
import io.orderstream.outage.TrialOutages;
import io.orderstream.pipeline.PipelineSettings.RetryMode;
import io.orderstream.record.Delivery;
import io.orderstream.support.Standstill;
import io.orderstream.support.TextHeaders;
import io.orderstream.totals.RunningTotals;
import io.orderstream.trace.Tracing;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.smallrye.reactive.messaging.kafka.impl.KafkaRecordHelper;
import io.vertx.mutiny.core.Vertx;

/**
 * A pipeline without a broker and without CDI: real lanes, real progress, a real event loop. Retries follow at once, and dead
 * letters are kept in a list.
 */
final class PipelineHarness implements AutoCloseable {

    static final String TOPIC = "orders";
    static final int MAX_RETRIES = 3;
    static final int MAX_WAITING = 3;

    private static final OutageSettings NO_OUTAGE = new TrialOutages(1_000_000, 1, Duration.ofMillis(20),
            Duration.ofMillis(200));

    final Vertx vertx = Vertx.vertx();
    final RunningTotals average = TotalsCommits.average();
    final MeterRegistry registry = new SimpleMeterRegistry();
    final Queue<Long> deadLettered = new ConcurrentLinkedQueue<>();
    /** What SmallRye would have written of each dead letter, by offset. */
    final Map<Long, DeadLetter> letters = new ConcurrentHashMap<>();
    final Pipeline<byte[]> pipeline;
    final Outages allOutages = new Outages();
    final PipelineOutages outages = allOutages.of("orders");
    final OutageBreaker breaker;
    /** The clock by which it is seen whether the process stands still: set to the present, it has until now. */
    final AtomicLong nanos = new AtomicLong(System.nanoTime() - PATIENCE.toNanos());
    final DeadLetterRefusals refusals = new DeadLetterRefusals();
    /** What the writing of a dead letter fails with, null if it does not. */
    volatile Throwable refusal;

    /** Completes when the broker has confirmed the dead letters that are written from then on. */
    volatile CompletionStage<Void> confirmation = CompletableFuture.completedFuture(null);

    /** Completes when the backoff of the records ends that fail from then on. */
    volatile CompletionStage<Void> backoff = CompletableFuture.completedFuture(null);

    private final TotalsCommit commits;
    private final MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("earliest");

    /**
     * @param partitions how many are assigned
     * @param handler the handler; a value's amount is its length in cents
     */
    PipelineHarness(int partitions, int maxInFlight, Function<Delivery<byte[]>, Uni<Void>> handler) {
        this(partitions, maxInFlight, handler, Infrastructure.getDefaultExecutor());
    }

    /** @param retriesCompleteOn the thread on which retries complete; the real ones do on any */
    PipelineHarness(int partitions, int maxInFlight, Function<Delivery<byte[]>, Uni<Void>> handler,
            Executor retriesCompleteOn) {
        this(partitions, maxInFlight, handler, retriesCompleteOn, null);
    }

    /** @param settings of the outage breaker, null for one that sees no outage in any number of failures */
    PipelineHarness(int partitions, int maxInFlight, Function<Delivery<byte[]>, Uni<Void>> handler,
            Executor retriesCompleteOn, OutageSettings settings) {
        this(partitions, maxInFlight, new Lengths(handler), retriesCompleteOn, settings, RetryMode.IN_PLACE, Tracing.OFF,
                false);
    }

    /** One partition, and records that are followed. Nothing that is to be moved to the retry topic gets there. */
    PipelineHarness(Function<Delivery<byte[]>, Uni<Void>> handler, RetryMode mode, Tracing tracing) {
        this(1, 10, new Lengths(handler), Infrastructure.getDefaultExecutor(), null, mode, tracing, false);
    }

    /** One partition, and no outage in any number of failures. */
    PipelineHarness(PipelineDefinition<byte[]> definition) {
        this(definition, Tracing.OFF);
    }

    /** As the one before, and records that are followed. */
    PipelineHarness(PipelineDefinition<byte[]> definition, Tracing tracing) {
        this(1, 100, definition, Infrastructure.getDefaultExecutor(), null, RetryMode.IN_PLACE, tracing, false);
    }

    /** One partition of a retry topic. */
    static PipelineHarness ofRetryTopic(int maxInFlight, Function<Delivery<byte[]>, Uni<Void>> handler) {
        return new PipelineHarness(1, maxInFlight, new Lengths(handler), Infrastructure.getDefaultExecutor(), null,
                RetryMode.TOPIC, Tracing.OFF, true);
    }

    private PipelineHarness(int partitions, int maxInFlight, PipelineDefinition<byte[]> definition, Executor retriesCompleteOn,
            OutageSettings settings, RetryMode mode, Tracing tracing, boolean isRetryTopic) {
        // It commits so seldom that no test sees it.
        commits = TotalsCommits.started(vertx, kafka, TOPIC, partitions, average, Duration.ofHours(1));
        // One that sees no outage has a window that is never full.
        breaker = new OutageBreaker(outages, settings == null ? NO_OUTAGE : settings, maxInFlight, vertx.getDelegate());
        PipelineParts<byte[]> parts = new PipelineParts<>(definition, definition::handle, breaker,
                new RetryPolicy(new WhenBackoffEnds(retriesCompleteOn), mode, "orders-retry", MAX_RETRIES, Duration.ZERO),
                new PipelineMeters(registry, "orders", average),
                new DeadLetterWriter("group", Clock.systemUTC(), definition::completeDeadLetter, refusals.of("orders"),
                        () -> false),
                tracing, new Standstill(nanos::get));
        pipeline = new Pipeline<>(parts, commits, maxInFlight, MAX_WAITING, isRetryTopic);
    }

    void drain(Duration timeout) {
        Pipelines.drain(Stream.of(pipeline), timeout);
    }

    /** Hands the pipeline what one poll has found. */
    Uni<Void> poll(List<ConsumerRecord<byte[], byte[]>> records) {
        return pipeline
                .process(new IncomingKafkaRecordBatch<>(consumed(records), "orders-in", 0, commits, new KeptDeadLetters(),
                        false, false));
    }

    /** As {@link #poll}, but the batch throws when its first record is to be taken, once, and again at its end. */
    Uni<Void> pollBroken(List<ConsumerRecord<byte[], byte[]>> records) {
        return pipeline
                .process(new IncomingKafkaRecordBatch<>(consumed(records), "orders-in", 0, commits, new KeptDeadLetters(),
                        false, false) {
                    private boolean hasThrown;

                    @Override
                    public List<KafkaRecord<byte[], byte[]>> getRecords() {
                        List<KafkaRecord<byte[], byte[]>> all = super.getRecords();
                        return new AbstractList<>() {
                            @Override
                            public KafkaRecord<byte[], byte[]> get(int index) {
                                if (!hasThrown) {
                                    hasThrown = true;
                                    throw new NoClassDefFoundError("thrown on purpose");
                                }
                                return all.get(index);
                            }

                            @Override
                            public int size() {
                                return all.size();
                            }
                        };
                    }

                    @Override
                    public Map<TopicPartition, KafkaRecord<byte[], byte[]>> getLatestOffsetRecords() {
                        throw new StackOverflowError("thrown on purpose");
                    }
                });
    }

    private ConsumerRecords<byte[], byte[]> consumed(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> byPartition = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byPartition.computeIfAbsent(new TopicPartition(record.topic(), record.partition()),
                    key -> new ArrayList<>()).add(record);
        }
        ConsumerRecords<byte[], byte[]> handedOver = new PolledPartition.Interceptor()
                .onConsume(new ConsumerRecords<>(byPartition, Map.of()));
        handedOver.forEach(record -> KafkaRecordHelper.addGenerationIdToHeaders(record, kafka.groupMetadata()));
        return handedOver;
    }

    /** Gives a partition away. */
    void revoke(int partition) {
        commits.partitionsRevoked(List.of(new TopicPartition(TOPIC, partition)));
    }

    /** Gives a partition back, as it was committed. */
    void assign(int partition) {
        commits.partitionsAssigned(List.of(new TopicPartition(TOPIC, partition)));
    }

    static ConsumerRecord<byte[], byte[]> record(int partition, long offset, byte[] key) {
        return record(partition, offset, key, new byte[] { 1 });
    }

    static ConsumerRecord<byte[], byte[]> record(int partition, long offset, byte[] key, byte[] value) {
        return new ConsumerRecord<>(TOPIC, partition, offset, key, value);
    }

    List<PartitionState> partitions() {
        return commits.partitions().await().atMost(PATIENCE);
    }

    /** What is done now. */
    Activity activity() {
        return CompletableFuture.supplyAsync(pipeline::activity, commits::runOnContext).join();
    }

    @Override
    public void close() {
        vertx.closeAndAwait();
    }

    private final class KeptDeadLetters implements KafkaFailureHandler {
        @Override
        public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
            if (refusal != null) {
                return Uni.createFrom().failure(refusal);
            }
            long offset = RecordMessage.nacked(record, metadata).getOffset();
            letters.put(offset, DeadLetter.of(reason, metadata));
            deadLettered.add(offset);
            return Uni.createFrom().completionStage(confirmation);
        }
    }

    /** The reason, as SmallRye reads it, and our own headers. */
    record DeadLetter(String kind, String exceptionClass, String reason, String cause) {

        static DeadLetter of(Throwable reason, Metadata metadata) {
            Headers headers = metadata.get(OutgoingKafkaRecordMetadata.class).orElseThrow().getHeaders();
            return new DeadLetter(TextHeaders.last(headers, DeadLetterHeaders.KIND), reason.getClass().getName(),
                    text(reason), reason.getCause() == null ? null : text(reason.getCause()));
        }

        private static String text(Throwable failure) {
            return failure.getMessage() == null ? failure.toString() : failure.getMessage();
        }
    }

    /** Values are bytes, and their amount is how many. */
    private record Lengths(Function<Delivery<byte[]>, Uni<Void>> handler) implements OfBytes {

        @Override
        public Uni<Void> handle(Delivery<byte[]> record) {
            return handler.apply(record);
        }

        @Override
        public long amount(byte[] value) {
            return value.length;
        }

        @Override
        public String label(byte[] value) {
            return "";
        }
    }

    /** Without the interceptor, which only CDI gives, and without its delays. */
    private final class WhenBackoffEnds extends Retries {

        private final Executor executor;

        WhenBackoffEnds(Executor executor) {
            this.executor = executor;
        }

        @Override
        public Uni<Void> call(Supplier<Uni<Void>> attempts) {
            AtomicBoolean isRetry = new AtomicBoolean();
            return Uni.createFrom()
                    .deferred(() -> isRetry.getAndSet(true)
                            ? Uni.createFrom().completionStage(backoff).chain(attempts::get)
                            : attempts.get())
                    .onFailure().retry().atMost(MAX_RETRIES)
                    .emitOn(executor);
        }
    }
}
