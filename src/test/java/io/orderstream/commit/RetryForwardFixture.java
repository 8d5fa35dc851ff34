package io.orderstream.commit;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;

import io.orderstream.totals.RunningTotals;
import io.vertx.mutiny.core.Vertx;

/** What a test of moves works with: a commit strategy over Kafka's own mocks, and what they were told. */
abstract class RetryForwardFixture {

    static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    static final Map<TopicPartition, OffsetAndMetadata> BEFORE_MOVE = Map.of(PARTITION,
            new OffsetAndMetadata(1, "v=1;received=2;processed=2;deadLettered=0;revenueCents=10;finished=1.1"));
    static final Map<TopicPartition, OffsetAndMetadata> WITH_MOVE = Map.of(PARTITION,
            new OffsetAndMetadata(3, "v=1;received=3;processed=2;deadLettered=0;revenueCents=10"));

    final Vertx vertx = Vertx.vertx();
    final CommitLog broker = new CommitLog();
    final RunningTotals average = new RunningTotals();
    final TransactionLog transactions = new TransactionLog();
    final AtomicReference<Map<TopicPartition, OffsetAndMetadata>> committed = new AtomicReference<>(Map.of());
    final Queue<String> ended = new ConcurrentLinkedQueue<>();
    final RetryTopicTransactions moves = new RetryTopicTransactions("moves", transactions::producer,
            partitions -> committed.get());

    @AfterEach
    void close() {
        moves.close();
        vertx.closeAndAwait();
    }

    TotalsCommit started(Duration interval) {
        return TotalsCommits.started(vertx, broker, "orders", 1, average, interval, moves);
    }

    void moveTheMiddleOfThree(TotalsCommit commits) {
        onEventLoop(commits, progress -> {
            progress.processed(progress.received(0, 0), 5);
            move(commits, progress, progress.received(1, 0));
            progress.processed(progress.received(2, 0), 5);
        });
    }

    void move(TotalsCommit commits, OffsetTracker progress, TrackedOffset record) {
        String offset = Long.toString(record.offset);
        commits.move(
                new RetryForward(PARTITION, progress, record, new ProducerRecord<>("orders-retry", 0, null, offset.getBytes()),
                        (end, refusal) -> ended.add((refusal == null ? end.toString() : refusal.getMessage()) + " " + offset)));
    }

    static void onEventLoop(TotalsCommit commits, Consumer<OffsetTracker> action) {
        commits.runOnContextAndAwait(() -> {
            action.accept(commits.progress(PARTITION.topic(), PARTITION.partition()));
            return null;
        });
    }
}
