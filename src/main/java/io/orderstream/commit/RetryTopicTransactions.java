package io.orderstream.commit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jboss.logging.Logger;

import io.orderstream.support.DaemonThreads;
import io.orderstream.support.Failures;

/**
 * Makes moves: the records in the other topic and the offsets that cover them are one transaction, so both are there or
 * neither is. The broker refuses it to a member that is no longer the partition's owner.
 * <p>
 * Kafka's transactional calls block, and are made on one thread of this object, as is the producer, at the first move. What
 * fails before the commit is asked for is aborted. What becomes of a commit without an answer is for the broker to say: a
 * producer that is made anew under the same name has the old transaction ended one way or the other, and then the committed
 * offsets tell which.
 */
final class RetryTopicTransactions implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RetryTopicTransactions.class);
    private static final long RESOLVE_INTERVAL_MILLIS = 500;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Function<Set<TopicPartition>, Map<TopicPartition, OffsetAndMetadata>> committed;
    private final ScheduledExecutorService thread;
    private Producer<byte[], byte[]> producer;
    private volatile boolean ready;
    private volatile boolean preparing;
    private boolean unprepared;

    /**
     * What became of a transaction.
     *
     * @param failure why nothing of it is there, null if all of it is
     * @param refused records the broker does not take, each with its reason
     */
    record Result(Throwable failure, Map<RetryForward, Throwable> refused) {

        boolean isCommitted() {
            return failure == null;
        }
    }

    /**
     * @param name of the thread
     * @param producers gives a new transactional producer, each with the same transactional id
     * @param committed what the group has committed once no transaction is pending; blocks, fails without an answer
     */
    RetryTopicTransactions(String name, Supplier<Producer<byte[], byte[]>> producers,
            Function<Set<TopicPartition>, Map<TopicPartition, OffsetAndMetadata>> committed) {
        this.producers = producers;
        this.committed = committed;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> DaemonThreads.named(name, task));
    }

    /** Whether a transaction would begin at once. */
    boolean isReady() {
        return ready;
    }

    /**
     * Makes the producer, which takes a while, and as long as it likes without a broker. Does nothing while it is being made.
     *
     * @param prepared called on the thread of this object, whether or not it is ready then
     */
    void prepare(Runnable prepared) {
        if (preparing || thread.isShutdown()) {
            return;
        }
        preparing = true;
        thread.execute(() -> {
            try {
                makeProducer();
            } catch (RuntimeException e) {
                discard();
                if (!unprepared) {
                    unprepared = true;
                    LOG.warnf("moves have to wait, tried again at each interval: reason=\"%s\"", Failures.reason(e));
                }
            }
            preparing = false;
            prepared.run();
        });
    }

    private void makeProducer() {
        if (producer == null) {
            producer = producers.get();
            producer.initTransactions();
            ready = true;
            if (unprepared) {
                unprepared = false;
                LOG.info("moves are made again");
            }
        }
    }

    /**
     * Makes a transaction. Non-blocking.
     *
     * @param due offsets and moves
     * @param group the group's state when the partitions were assigned
     * @return completes on the thread of this object when the outcome is certain, however long that takes; never fails
     */
    CompletableFuture<Result> run(PendingCommit due, ConsumerGroupMetadata group) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        try {
            thread.execute(() -> attempt(due, group, result));
        } catch (RejectedExecutionException e) {
            result.complete(new Result(e, Map.of()));
        }
        return result;
    }

    private void attempt(PendingCommit due, ConsumerGroupMetadata group, CompletableFuture<Result> result) {
        Map<RetryForward, Throwable> failures = new ConcurrentHashMap<>();
        try {
            makeProducer();
            producer.beginTransaction();
            send(due, failures);
            producer.sendOffsetsToTransaction(due.offsets(), group);
        } catch (RuntimeException e) {
            abort();
            failures.values().removeIf(failure -> !isRefusal(failure));
            result.complete(new Result(e, failures));
            return;
        }
        try {
            producer.commitTransaction();
            result.complete(new Result(null, Map.of()));
        } catch (RuntimeException e) {
            discard();
            resolve(due, e, result);
        }
    }

    private void send(PendingCommit due, Map<RetryForward, Throwable> failures) {
        for (RetryForward move : due.moves()) {
            producer.send(move.to(), (written, failure) -> {
                if (failure != null) {
                    failures.put(move, failure);
                }
            });
            if (!failures.isEmpty()) {
                // The transaction has failed; while its topic is missing, each further one would only wait as long again.
                break;
            }
        }
        producer.flush();
        if (!failures.isEmpty()) {
            Throwable first = failures.values().stream().filter(RetryTopicTransactions::isRefusal).findFirst()
                    .orElseGet(() -> failures.values().iterator().next());
            throw new KafkaException("record not written: " + first.getMessage(), first);
        }
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException
                || failure instanceof TopicAuthorizationException;
    }

    private void abort() {
        try {
            if (producer != null) {
                producer.abortTransaction();
            }
        } catch (RuntimeException e) {
            // The next producer's first call ends what this one has begun.
            discard();
        }
    }

    private void resolve(PendingCommit due, Throwable failure, CompletableFuture<Result> result) {
        try {
            makeProducer();
            result.complete(new Result(isCommitted(due) ? null : failure, Map.of()));
        } catch (RuntimeException e) {
            LOG.warnf("outcome of a transaction not known yet, asked for again: partitions=%s reason=\"%s\"",
                    due.offsets().keySet(), Failures.reason(e));
            discard();
            if (!thread.isShutdown()) {
                thread.schedule(() -> resolve(due, failure, result), RESOLVE_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Of a partition that was given away another may have committed what looks the same: those do not tell. */
    private boolean isCommitted(PendingCommit due) {
        Map<TopicPartition, OffsetAndMetadata> ours = new HashMap<>();
        due.moves().stream().filter(move -> !move.progress().isRevoked())
                .forEach(move -> ours.put(move.from(), due.offsets().get(move.from())));
        Map<TopicPartition, OffsetAndMetadata> there = ours.isEmpty() ? Map.of() : committed.apply(ours.keySet());
        return ours.entrySet().stream().anyMatch(offset -> offset.getValue().equals(there.get(offset.getKey())));
    }

    private void discard() {
        ready = false;
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    /** Closes the producer behind the transaction that is under way. Blocks for seconds at the most. */
    @Override
    public void close() {
        try {
            thread.execute(this::discard);
            thread.shutdown();
            thread.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // closed before
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
