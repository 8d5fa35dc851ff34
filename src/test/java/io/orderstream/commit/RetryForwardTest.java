package io.orderstream.commit;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.orderstream.totals.Totals;

/** A record is moved and its offset committed in one transaction, and no commit but that one covers it. */
class RetryForwardTest extends RetryForwardFixture {

    @Test
    void shouldMoveARecordInTheTransactionThatCommitsItsOffset() {
        // Given
        TotalsCommit commits = started(CommitLog.TICK);

        // When
        moveTheMiddleOfThree(commits);

        // Then
        await().atMost(PATIENCE).until(() -> ended.contains("MADE 1"));
        broker.awaitTicks();
        assertThat(transactions.committed()).containsExactly(new TransactionLog.Committed(List.of("1"), WITH_MOVE));
        assertThat(broker.commits).allMatch(BEFORE_MOVE::equals);
        assertThat(average.totals()).isEqualTo(new Totals(3, 2, 0, 10));
    }

    @Test
    void shouldMakeMovesOfOneMomentInOneTransaction() {
        // Given
        TotalsCommit commits = started(Duration.ofHours(1));

        // When
        onEventLoop(commits, progress -> {
            for (long offset = 0; offset < 50; offset++) {
                move(commits, progress, progress.received(offset, 0));
            }
        });

        // Then
        await().atMost(PATIENCE).until(() -> ended.size() == 50);
        assertThat(transactions.committed()).hasSize(1);
    }

    @Test
    void shouldCommitAllButTheMoveUntilItsTransactionSucceeds() {
        // Given
        transactions.fail(producer -> producer.sendOffsetsToTransactionException = new CommitFailedException());
        TotalsCommit commits = started(CommitLog.TICK);

        // When
        moveTheMiddleOfThree(commits);

        // Then
        await().atMost(PATIENCE).until(() -> !broker.commits.isEmpty());
        broker.awaitTicks();
        assertThat(broker.commits).containsExactly(BEFORE_MOVE);
        assertThat(transactions.committed()).isEmpty();
        assertThat(ended).isEmpty();

        // And it succeeds
        transactions.fail(producer -> producer.sendOffsetsToTransactionException = null);
        await().atMost(PATIENCE).until(() -> ended.contains("MADE 1"));
        assertThat(transactions.committed()).containsExactly(new TransactionLog.Committed(List.of("1"), WITH_MOVE));
    }

    @Test
    void shouldNotMoveAgainWhatWasMovedWhenOnlyTheAnswerWasLost() {
        // Given
        transactions.fail(producer -> producer.commitTransactionException = new TimeoutException("no answer"));
        committed.set(WITH_MOVE);
        TotalsCommit commits = started(CommitLog.TICK);

        // When
        moveTheMiddleOfThree(commits);

        // Then
        await().atMost(PATIENCE).until(() -> ended.contains("MADE 1"));
        broker.awaitTicks();
        assertThat(transactions.attempts()).isOne();
        assertThat(broker.commits).allMatch(BEFORE_MOVE::equals);
    }

    @Test
    void shouldMoveAgainWhenTheTransactionWithoutAnAnswerWasAborted() {
        // Given
        transactions.failOnce(producer -> producer.commitTransactionException = new TimeoutException("no answer"));
        committed.set(BEFORE_MOVE);
        TotalsCommit commits = started(CommitLog.TICK);

        // When
        moveTheMiddleOfThree(commits);

        // Then
        await().atMost(PATIENCE).until(() -> ended.contains("MADE 1"));
        assertThat(transactions.attempts()).isEqualTo(2);
        assertThat(transactions.committed()).containsExactly(new TransactionLog.Committed(List.of("1"), WITH_MOVE));
    }

    @Test
    void shouldLetAMoveWaitThatTheCommittedTextDoesNotCover() {
        // Given
        KafkaException tooLong = new KafkaException(
                "Unexpected error in TxnOffsetCommitResponse: " + Errors.OFFSET_METADATA_TOO_LARGE.message());
        transactions.failOnce(producer -> {
            producer.sendOffsetsToTransactionException = tooLong;
            producer.abortTransactionException = tooLong;
        });
        TotalsCommit commits = started(CommitLog.TICK);
        AtomicReference<TrackedOffset> slow = new AtomicReference<>();

        // When
        onEventLoop(commits, progress -> {
            slow.set(progress.received(0, 0));
            move(commits, progress, progress.received(1, 0));
        });

        // Then
        await().atMost(PATIENCE).until(() -> transactions.attempts() == 1);
        broker.awaitTicks();
        assertThat(transactions.committed()).isEmpty();
        assertThat(ended).isEmpty();
        onEventLoop(commits, progress -> progress.processed(slow.get(), 5));
        await().atMost(PATIENCE).until(() -> ended.contains("MADE 1"));
        assertThat(transactions.committed()).containsExactly(new TransactionLog.Committed(List.of("1"), Map.of(PARTITION,
                new OffsetAndMetadata(2, "v=1;received=2;processed=1;deadLettered=0;revenueCents=5"))));
    }

    @Test
    void shouldNotWaitForEachOfManyMovesWhileTheirTopicIsMissing() {
        // Given
        LongStream.range(0, 50).forEach(
                offset -> transactions.refuse(Long.toString(offset), new TimeoutException("not present in metadata")));
        TotalsCommit commits = started(CommitLog.TICK);

        // When
        onEventLoop(commits, progress -> {
            for (long offset = 0; offset < 50; offset++) {
                move(commits, progress, progress.received(offset, 0));
            }
        });

        // Then
        await().atMost(PATIENCE).until(() -> transactions.attempts() > 2);
        assertThat(transactions.failedSends()).isLessThanOrEqualTo(transactions.attempts());
        assertThat(ended).isEmpty();
    }

    static List<RuntimeException> refusals() {
        return List.of(new RecordTooLargeException("refused"), new TopicAuthorizationException("refused"),
                new InvalidRecordException("refused"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldGiveBackARecordTheBrokerDoesNotTake(RuntimeException refusal) {
        // Given
        transactions.refuse("1", refusal);
        TotalsCommit commits = started(CommitLog.TICK);

        // When
        moveTheMiddleOfThree(commits);

        // Then
        await().atMost(PATIENCE).until(() -> ended.contains("refused 1"));
        await().atMost(PATIENCE).until(() -> broker.commits.contains(BEFORE_MOVE));
        broker.awaitTicks();
        assertThat(transactions.attempts()).isOne();
        assertThat(average.totals()).isEqualTo(new Totals(3, 2, 0, 10));
    }
}
