package io.orderstream.commit;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.orderstream.metrics.Metric;
import io.orderstream.support.Failures;
import io.orderstream.totals.Tally;
import io.orderstream.totals.TotalsMetadata;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.ContextHolder;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import io.vertx.core.Context;
import io.vertx.mutiny.core.Vertx;

/**
 * Commit strategy {@value TotalsCommitFactory#STRATEGY}: commits each partition's watermark, the totals of the finished records
 * and which of them lie beyond it, in one record of Kafka's own offsets topic. What is handled again after a crash has not been
 * counted, and what has been counted is not handled again.
 * <p>
 * Records that are to be moved to another topic are part of it: while there are any, the commit is a transaction that
 * holds them. No other commit covers them, so that one that has failed leaves nothing behind.
 * <p>
 * All state is confined to the event loop of the channel. The rebalance callbacks arrive on the consumer's polling thread and
 * hop over; only that thread may use the Kafka consumer. A failed commit is tried again at the next interval, with what
 * is due then.
 */
public final class TotalsCommit extends ContextHolder implements KafkaCommitHandler {

    private static final Logger LOG = Logger.getLogger(TotalsCommit.class);
    private static final int EVENT_LOOP_TIMEOUT_MILLIS = 10_000;
    // Moves of one moment share a transaction; a record that waits for seconds does not notice.
    private static final long MOVE_DELAY_MILLIS = 20;

    private final KafkaConsumer<?, ?> consumer;
    private final ConsumerWatch watch;
    private final long intervalMillis;
    private final Duration callTimeout;
    private final AssignedPartitions partitions;
    private final TotalsRestore restore;
    private final PositionCheck positions;
    private final LostRecords lost;
    private final RetryTopicTransactions transactions;
    private final Timer succeeded;
    private final Timer failed;
    private final AtomicBoolean terminated = new AtomicBoolean();
    private volatile long beganNanos;
    private boolean failing;
    private boolean movesFailing;
    private boolean committing;
    private boolean rebalancing;
    private boolean moveAsked;
    private long timer;
    private Runnable onRevoked = () -> {
    };
    /** The transaction under way, until its outcome is known and noted. */
    private CompletableFuture<Void> transaction = CompletableFuture.completedFuture(null);
    // Of the generation in which the partitions were assigned: if it is over, the broker refuses a transaction that carries it.
    private volatile ConsumerGroupMetadata group;

    /**
     * @param watch looks after the consumer
     * @param counting how the records of the channel are counted
     * @param lost told of records that were deleted before they were read
     * @param positions looks whether there is still what is to be read next
     * @param callTimeout how long the handler calls of a partition that is given away may take to end
     */
    TotalsCommit(Vertx vertx, KafkaConsumer<?, ?> consumer, ConsumerWatch watch, Counting counting, Duration interval,
            RetryTopicTransactions transactions, MeterRegistry registry, String channel, LostRecords lost,
            PositionCheck positions, Duration callTimeout) {
        super(vertx, EVENT_LOOP_TIMEOUT_MILLIS);
        this.consumer = consumer;
        this.watch = watch;
        this.intervalMillis = interval.toMillis();
        this.callTimeout = callTimeout;
        this.lost = lost;
        this.positions = positions;
        this.partitions = new AssignedPartitions(counting.totals(), lost);
        this.restore = new TotalsRestore(counting, positions);
        this.transactions = transactions;
        this.succeeded = Metric.COMMIT.timer(registry, channel, "success");
        this.failed = Metric.COMMIT.timer(registry, channel, "failure");
    }

    @Override
    public void capture(Context eventLoop) {
        super.capture(eventLoop);
        runOnContext(() -> {
            timer = vertx.setPeriodic(intervalMillis, id -> {
                commit();
                positions.look(consumer, this::gone);
            });
            watch.start(vertx);
        });
    }

    private void gone(TopicPartition partition, long from, long to) {
        runOnContext(() -> {
            lost.tell(partition, from, to, to - from);
            OffsetTracker progress = partitions.progress(partition);
            if (progress != null) {
                progress.gone(from, to);
            }
        });
    }

    /** @param listener run on the event loop of the channel each time partitions have been given away */
    public void onRevoked(Runnable listener) {
        onRevoked = listener;
    }

    /** Whether a partition is assigned. To be called on the event loop of the channel. */
    public boolean hasPartitions() {
        return !partitions.all().isEmpty();
    }

    /**
     * The progress of a partition. To be called on the event loop of the channel.
     *
     * @return null if the partition is not assigned
     */
    public OffsetTracker progress(String topic, int partition) {
        return partitions.progress(new TopicPartition(topic, partition));
    }

    /** Moves a record to another topic, soon. To be called on the event loop of the channel. */
    public void move(RetryForward move) {
        partitions.move(move);
        if (!moveAsked) {
            moveAsked = true;
            vertx.setTimer(MOVE_DELAY_MILLIS, id -> commit());
        }
    }

    /** Where each assigned partition stands. May be called on any thread; does not answer while the event loop is blocked. */
    public Uni<List<PartitionState>> partitions() {
        return Uni.createFrom().emitter(emitter -> runOnContext(() -> emitter.complete(watch.states(partitions))));
    }

    /** What the assigned partitions have counted by name. May be called on any thread, as {@link #partitions()}. */
    public Uni<Tally> tally() {
        return Uni.createFrom().emitter(emitter -> runOnContext(() -> emitter.complete(partitions.tally())));
    }

    /** What the consumer of the channel does. May be called on any thread. */
    public ConsumerState consumer() {
        return watch.state();
    }

    /** {@link ConsumerWatch#member()}. May be called on any thread. */
    String member() {
        return watch.member();
    }

    /** {@link ConsumerWatch#sinceLastPoll()}. May be called on any thread. */
    public Duration sinceLastPoll() {
        return watch.sinceLastPoll();
    }

    /** An acknowledgement means nothing here: the pipeline itself tells {@link OffsetTracker} what became of a record. */
    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> ignored) {
        return Uni.createFrom().voidItem();
    }

    @Override
    public void partitionsAssigned(Collection<TopicPartition> added) {
        group = consumer.unwrap().groupMetadata();
        if (added.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> confirmed = runOnContextAndAwait(() -> partitions.confirmed(added));
        Map<TopicPartition, RestoredPartition> restored = restore.restore(consumer.unwrap(), added, confirmed, watch::waits);
        runOnContextAndAwait(() -> {
            partitions.assign(restored);
            return null;
        });
    }

    @Override
    public void partitionsRevoked(Collection<TopicPartition> revoked) {
        if (revoked.isEmpty()) {
            return;
        }
        ConsumerGroupMetadata now = consumer.unwrap().groupMetadata();
        if (now.generationId() >= 0) {
            group = now;
            // A stop has waited for them before.
            if (!terminated.get()) {
                awaitCalls(revoked);
            }
        }
        // Otherwise they are lost, and whatever is committed has to be refused: without a generation a transaction would not be.
        watch.revoked(consumer.unwrap(), revoked);
        boolean isSettled = settle();
        FinalCommit last = runOnContextAndAwait(() -> {
            rebalancing = false;
            FinalCommit due = last(isSettled, revoked);
            revoked.forEach(partitions::release);
            onRevoked.run();
            return due;
        });
        PendingCommit certain = last.commit(consumer.unwrap(), transactions, group, this::runOnContext);
        runOnContext(() -> partitions.committedLast(certain));
        LOG.infof("partitions revoked: partitions=%s", revoked);
    }

    /**
     * Whoever is given a partition handles what is not committed: calls that are under way would be made a second time. The
     * other members of the group go on meanwhile, so do the partitions that stay here.
     */
    private void awaitCalls(Collection<TopicPartition> leaving) {
        CompletableFuture<Void> ended = runOnContextAndAwait(() -> partitions.leave(leaving));
        FinalCommit.await(ended.thenApply(done -> true), false, callTimeout);
    }

    /** Lets no new commit begin, and waits for the transaction under way: nothing may be committed beside it. */
    private boolean settle() {
        CompletableFuture<Void> running = runOnContextAndAwait(() -> {
            rebalancing = true;
            return transaction;
        });
        return FinalCommit.await(running.thenApply(done -> true), false);
    }

    private FinalCommit last(boolean isSettled, Collection<TopicPartition> leaving) {
        return isSettled ? partitions.last(leaving) : FinalCommit.NOTHING;
    }

    private void commit() {
        if (committing || rebalancing) {
            return;
        }
        moveAsked = false;
        PendingCommit due = partitions.due(partitions.all(), true);
        if (due.moves().isEmpty() || !transactions.isReady()) {
            commitWithoutMoves();
            prepareFor(due.moves());
            return;
        }
        begin();
        CompletableFuture<Void> noted = new CompletableFuture<>();
        transaction = noted;
        transactions.run(due, group).thenAccept(result -> runOnContext(() -> {
            transacted(due, result);
            noted.complete(null);
        }));
    }

    /** What can be committed need not wait until moves can be made. */
    private void prepareFor(List<RetryForward> moves) {
        if (!moves.isEmpty()) {
            transactions.prepare(() -> runOnContext(() -> {
                if (transactions.isReady()) {
                    commit();
                }
            }));
        }
    }

    private void transacted(PendingCommit due, RetryTopicTransactions.Result result) {
        ended(due, result.failure());
        result.refused().forEach(partitions::refused);
        if (!result.isCommitted()) {
            // Moves that fail must not keep back the offsets of all else.
            commitWithoutMoves();
        } else if (moveAsked) {
            commit();
        }
    }

    private void commitWithoutMoves() {
        PendingCommit due = partitions.due(partitions.all(), false);
        if (due.offsets().isEmpty()) {
            return;
        }
        begin();
        partitions.sent(due);
        consumer.runOnPollingThread(kafka -> {
            // A partition may have been given away on this thread meanwhile: its new owner's commit must not be undone.
            due.offsets().keySet().retainAll(kafka.assignment());
            beganNanos = System.nanoTime();
            kafka.commitAsync(due.offsets(), (offsets, failure) -> runOnContext(() -> ended(due, failure)));
        }).subscribe().with(done -> {
        }, failure -> runOnContext(() -> ended(due, failure)));
    }

    private void begin() {
        committing = true;
        beganNanos = System.nanoTime();
    }

    private void ended(PendingCommit due, Throwable failure) {
        committing = false;
        (failure == null ? succeeded : failed).record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
        logChange(due, failure);
        if (failure == null) {
            partitions.committed(due);
        } else if (TotalsMetadata.isRefused(failure)) {
            // The broker's offset.metadata.max.bytes is below its default. Totals alone are short, and still exact.
            partitions.listNothing();
        }
    }

    /**
     * One line when commits begin to fail and one when they succeed again. Those with moves may fail while those without
     * succeed.
     */
    private void logChange(PendingCommit due, Throwable failure) {
        boolean isWithMoves = !due.moves().isEmpty();
        boolean wasFailing = isWithMoves ? movesFailing : failing;
        if (failure == null && wasFailing) {
            LOG.info("commits succeed again");
        } else if (failure != null && !wasFailing) {
            LOG.warnf("commit failed, tried again at each interval: partitions=%s reason=\"%s\"", due.offsets().keySet(),
                    Failures.reason(failure));
        }
        if (isWithMoves) {
            movesFailing = failure != null;
        } else {
            failing = failure != null;
        }
    }

    /**
     * Commits for the last time, and leaves the group. SmallRye, which finds the consumer closed then, would do so for one
     * channel after the other, and before each of them wait for two polls while the partitions stand. Blocks for seconds at
     * the most.
     */
    void leave() {
        try {
            terminate(true);
        } finally {
            ((ReactiveKafkaConsumer<?, ?>) consumer).close();
        }
    }

    @Override
    public void terminate(boolean graceful) {
        if (!terminated.compareAndSet(false, true)) {
            return;
        }
        boolean isSettled = settle();
        FinalCommit last = runOnContextAndAwait(() -> {
            // In dev mode the event loop outlives the application.
            vertx.cancelTimer(timer);
            watch.stop();
            return last(isSettled, partitions.all());
        });
        try {
            consumer.runOnPollingThread(kafka -> {
                last.commit(kafka, transactions, group, this::runOnContext);
            }).await().atMost(FinalCommit.TIMEOUT.multipliedBy(3));
        } finally {
            transactions.close();
        }
    }
}
