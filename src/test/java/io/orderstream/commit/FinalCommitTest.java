package io.orderstream.commit;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import io.orderstream.totals.Totals;

/** What becomes of moves that are pending when their partition is given away. */
class FinalCommitTest extends RetryForwardFixture {

    @Test
    void shouldMakeTheMovesThatArePendingWhenAPartitionIsRevoked() {
        // Given
        TotalsCommit commits = started(Duration.ofHours(1));
        moveTheMiddleOfThree(commits);

        // When
        commits.partitionsRevoked(List.of(PARTITION));

        // Then
        assertThat(transactions.committed()).containsExactly(new TransactionLog.Committed(List.of("1"), WITH_MOVE));
        assertThat(broker.commits).allMatch(BEFORE_MOVE::equals);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ended).containsExactly("MADE 1"));
        assertThat(average.totals()).isEqualTo(Totals.ZERO);
    }

    @Test
    void shouldLeaveAMoveToTheNextOwnerThatFailsWhenItsPartitionIsRevoked() {
        // Given
        transactions.fail(producer -> producer.sendOffsetsToTransactionException = new CommitFailedException());
        TotalsCommit commits = started(Duration.ofHours(1));
        moveTheMiddleOfThree(commits);

        // When
        commits.partitionsRevoked(List.of(PARTITION));

        // Then
        assertThat(transactions.committed()).isEmpty();
        assertThat(broker.commits).isNotEmpty().containsOnly(BEFORE_MOVE);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ended).containsExactly("LEFT 1"));
    }

    @Test
    void shouldCommitNothingAtTheEndWhileTheOutcomeOfATransactionIsUnknown() {
        // Given
        transactions.fail(producer -> {
            producer.commitTransactionException = new TimeoutException("no answer");
            if (transactions.attempts() > 0) {
                producer.initTransactionException = new TimeoutException("no answer");
            }
        });
        TotalsCommit commits = started(CommitLog.TICK);
        moveTheMiddleOfThree(commits);
        await().atMost(PATIENCE).until(() -> transactions.attempts() == 1);
        int before = broker.commits.size();

        // When
        commits.partitionsRevoked(List.of(PARTITION));

        // Then
        assertThat(broker.commits).hasSize(before);
        assertThat(transactions.committed()).isEmpty();
        assertThat(ended).containsExactly("LEFT 1");
    }
}
