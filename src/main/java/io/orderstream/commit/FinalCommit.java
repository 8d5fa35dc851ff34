package io.orderstream.commit;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * The commit of partitions that are given away. Blocks for seconds at the most; called on the consumer's polling thread.
 *
 * @param withMoves what is due with the moves that can still be made
 * @param withoutMoves what is due if they come to nothing
 */
record FinalCommit(PendingCommit withMoves, PendingCommit withoutMoves) {

    static final FinalCommit NOTHING = new FinalCommit(PendingCommit.NOTHING, PendingCommit.NOTHING);
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(FinalCommit.class);

    /** @param eventLoop where those who have asked for the moves are told what has become of them */
    void commit(Consumer<?, ?> kafka, RetryTopicTransactions transactions, ConsumerGroupMetadata group, Executor eventLoop) {
        if (withMoves.moves().isEmpty()) {
            commitSync(kafka, withoutMoves.offsets());
            return;
        }
        boolean areMade = commitWithMoves(kafka, transactions, group);
        eventLoop.execute(() -> withMoves.moves().forEach(areMade ? RetryForward::made : RetryForward::left));
    }

    /** @return whether the moves are made; false as well if nobody knows */
    private boolean commitWithMoves(Consumer<?, ?> kafka, RetryTopicTransactions transactions, ConsumerGroupMetadata group) {
        if (!awaitAsyncCommits(kafka)) {
            return false;
        }
        RetryTopicTransactions.Result result = await(transactions.run(withMoves, group), null);
        if (result == null) {
            LOG.warnf("last transaction not confirmed, what it holds may be handled again: partitions=%s",
                    withMoves.offsets().keySet());
            return false;
        }
        if (!result.isCommitted()) {
            commitSync(kafka, withoutMoves.offsets());
        }
        return result.isCommitted();
    }

    /** One that is still on its way could overtake the transaction, and undo the offset of what has been moved. */
    private boolean awaitAsyncCommits(Consumer<?, ?> kafka) {
        try {
            kafka.commitSync(Map.of(), TIMEOUT);
            return true;
        } catch (KafkaException e) {
            warn(e);
            return false;
        }
    }

    private void commitSync(Consumer<?, ?> kafka, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        try {
            kafka.commitSync(offsets, TIMEOUT);
        } catch (KafkaException e) {
            warn(e);
        }
    }

    private void warn(KafkaException failure) {
        LOG.warnf("last commit failed, these records are handled again: partitions=%s reason=\"%s\"",
                withMoves.offsets().keySet(), failure.getMessage());
    }

    /** The outcome, if there is one within the time-out. */
    static <T> T await(CompletableFuture<T> outcome, T otherwise) {
        try {
            return outcome.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return otherwise;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is never a failure", e);
        }
    }
}
