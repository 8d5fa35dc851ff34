package io.orderstream.commit;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orderstream.totals.RunningTotals;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.core.Vertx;

/** Makes what only this package can make, over Kafka's own mock of a consumer, for tests without a broker. */
public final class TotalsCommits {

    /** Short, because calls in tests end only when the test says so. */
    static final Duration CALL_TIMEOUT = Duration.ofMillis(100);

    private TotalsCommits() {
    }

    public static RunningTotals average() {
        return new RunningTotals();
    }

    /**
     * A commit strategy whose partitions are assigned, from their beginning.
     *
     * @param kafka commits go there
     * @param interval time between two commits
     */
    public static TotalsCommit started(Vertx vertx, MockConsumer<byte[], byte[]> kafka, String topic, int partitions,
            RunningTotals average, Duration interval) {
        return started(vertx, kafka, topic, partitions, average, interval, noTransactions());
    }

    /** For commits without moves. */
    static RetryTopicTransactions noTransactions() {
        return new RetryTopicTransactions("moves", () -> {
            throw new UnsupportedOperationException();
        }, partitions -> Map.of());
    }

    /** @param transactions makes the moves */
    static TotalsCommit started(Vertx vertx, MockConsumer<byte[], byte[]> kafka, String topic, int partitions,
            RunningTotals average, Duration interval, RetryTopicTransactions transactions) {
        return started(vertx, kafka, topic, partitions, average, interval, transactions, CALL_TIMEOUT);
    }

    /** @param callTimeout how long the calls of a partition that is given away may take to end */
    static TotalsCommit started(Vertx vertx, MockConsumer<byte[], byte[]> kafka, String topic, int partitions,
            RunningTotals average, Duration interval, RetryTopicTransactions transactions, Duration callTimeout) {
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            beginnings.put(new TopicPartition(topic, partition), 0L);
        }
        kafka.assign(beginnings.keySet());
        kafka.updateBeginningOffsets(beginnings);
        return started(
                new TotalsCommit(vertx, consumer(kafka), watch(consumer(kafka)), new Counting(average, true, 0), interval,
                        transactions, new SimpleMeterRegistry(), "orders-in", lost(), positions(), callTimeout),
                vertx,
                beginnings.keySet());
    }

    /** What a tracker gives for a record it has not seen before. */
    public static TrackedOffset tracked(long offset) {
        return new TrackedOffset(offset, System.nanoTime());
    }

    static LostRecords lost() {
        return new LostRecords(new SimpleMeterRegistry(), "orders", "orders");
    }

    /** Of topics that have everything from their beginning. */
    static PositionCheck positions() {
        return new PositionCheck(partitions -> CompletableFuture.completedFuture(partitions.stream().collect(
                Collectors.toMap(Function.identity(), partition -> new PartitionLog(Uuid.ONE_UUID, 0, Long.MAX_VALUE)))),
                "earliest", () -> true);
    }

    /** Looks after a consumer that is well. */
    static ConsumerWatch watch(KafkaConsumer<?, ?> consumer) {
        return new ConsumerWatch(consumer, "orders-in", "group", Duration.ofSeconds(10), () -> Duration.ZERO,
                () -> CompletableFuture.completedFuture(Set.of("1")));
    }

    private static TotalsCommit started(TotalsCommit commits, Vertx vertx, Set<TopicPartition> partitions) {
        commits.capture(((VertxInternal) vertx.getDelegate()).createEventLoopContext());
        commits.partitionsAssigned(partitions);
        return commits;
    }

    /** SmallRye's consumer around Kafka's; its polling thread is the one that calls. */
    @SuppressWarnings("unchecked")
    static KafkaConsumer<byte[], byte[]> consumer(Consumer<byte[], byte[]> kafka) {
        return (KafkaConsumer<byte[], byte[]>) Proxy.newProxyInstance(TotalsCommits.class.getClassLoader(),
                new Class<?>[] { KafkaConsumer.class }, (proxy, method, arguments) -> switch (method.getName()) {
                    case "unwrap" -> kafka;
                    case "runOnPollingThread" -> {
                        ((java.util.function.Consumer<Consumer<byte[], byte[]>>) arguments[0]).accept(kafka);
                        yield Uni.createFrom().voidItem();
                    }
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }
}
