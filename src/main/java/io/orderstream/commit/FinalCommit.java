package io.orderstream.commit;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

import io.orderstream.kafka.KafkaFutures;
import io.orderstream.support.Failures;

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

    /**
     * @param eventLoop where those who have asked for the moves are told what has become of them
     * @return what is certain to be committed
     */
    PendingCommit commit(Consumer<?, ?> kafka, RetryTopicTransactions transactions, ConsumerGroupMetadata group,
            Executor eventLoop) {
        if (withMoves.moves().isEmpty()) {
            return commitWithoutMoves(kafka);
        }
        boolean areMade = commitWithMoves(kafka, transactions, group);
        eventLoop.execute(() -> withMoves.moves().forEach(areMade ? RetryForward::made : RetryForward::left));
        return areMade ? withMoves : PendingCommit.NOTHING;
    }

    /** @return whether the moves are made; false as well if nobody knows */
    private boolean commitWithMoves(Consumer<?, ?> kafka, RetryTopicTransactions transactions, ConsumerGroupMetadata group) {
        // An async commit that is still on its way could overtake the transaction, and undo the offset of what has been moved.
        if (!commitSync(kafka, Map.of())) {
            return false;
        }
        RetryTopicTransactions.Result result = await(transactions.run(withMoves, group), null);
        if (result == null) {
            LOG.warnf("last transaction not confirmed, what it holds may be handled again: partitions=%s",
                    withMoves.offsets().keySet());
            return false;
        }
        if (!result.isCommitted()) {
            commitWithoutMoves(kafka);
        }
        return result.isCommitted();
    }

    private PendingCommit commitWithoutMoves(Consumer<?, ?> kafka) {
        boolean isCommitted = !withoutMoves.offsets().isEmpty() && commitSync(kafka, withoutMoves.offsets());
        return isCommitted ? withoutMoves : PendingCommit.NOTHING;
    }

    private boolean commitSync(Consumer<?, ?> kafka, Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            kafka.commitSync(offsets, TIMEOUT);
            return true;
        } catch (KafkaException e) {
            LOG.warnf(
                    "last commit failed, what it holds is handled again unless the partitions come back: partitions=%s reason=\"%s\"",
                    withMoves.offsets().keySet(), Failures.reason(e));
            return false;
        }
    }

    /** The outcome, if there is one within the time-out; it is never a failure. */
    static <T> T await(CompletableFuture<T> outcome, T otherwise) {
        return await(outcome, otherwise, TIMEOUT);
    }

    /** The outcome, if there is one within so long a time; it is never a failure. */
    static <T> T await(CompletableFuture<T> outcome, T otherwise, Duration timeout) {
        try {
            return KafkaFutures.await(outcome, timeout, "no outcome");
        } catch (TimeoutException e) {
            return otherwise;
        }
    }
}
