package io.orderstream.commit;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Totals;
import io.vertx.mutiny.core.Vertx;

class TotalsCommitTest {

    private static final Duration INTERVAL = CommitLog.TICK;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final String ALL = "v=1;received=3;processed=3;deadLettered=0;revenueCents=15";

    private final Vertx vertx = Vertx.vertx();
    private final CommitLog broker = new CommitLog();
    private final RunningTotals average = new RunningTotals();

    @AfterEach
    void closeVertx() {
        vertx.closeAndAwait();
    }

    @Test
    void shouldCommitOffsetAndTotalsWhenSomethingIsNewAndOnlyThen() {
        // Given
        TotalsCommit commits = TotalsCommits.started(vertx, broker, "orders", 2, average, INTERVAL);

        // When
        finishThree(commits);

        // Then
        await().atMost(PATIENCE).until(() -> !broker.commits.isEmpty());
        broker.awaitTicks();
        assertThat(broker.commits).containsExactly(Map.of(PARTITION, new OffsetAndMetadata(3, ALL)));
    }

    @Test
    void shouldTryAFailedCommitAgainUntilItSucceeds() {
        // Given
        broker.answer = attempt -> attempt < 4 ? new TimeoutException("the broker is away") : null;
        TotalsCommit commits = TotalsCommits.started(vertx, broker, "orders", 1, average, INTERVAL);

        // When
        finishThree(commits);

        // Then
        await().atMost(PATIENCE).until(() -> broker.commits.size() == 4);
        broker.awaitTicks();
        assertThat(broker.commits).hasSize(4).containsOnly(Map.of(PARTITION, new OffsetAndMetadata(3, ALL)));
    }

    @Test
    void shouldCommitTotalsAloneWhereTheBrokerTakesNoLongerText() {
        // Given
        broker.answer = attempt -> broker.commits.get(attempt - 1).get(PARTITION).metadata().contains("finished")
                ? new OffsetMetadataTooLarge("too large")
                : null;
        TotalsCommit commits = TotalsCommits.started(vertx, broker, "orders", 1, average, INTERVAL);

        // When
        onEventLoop(commits, progress -> {
            progress.processed(progress.received(0, 0), 7);
            progress.received(1, 0);
            progress.processed(progress.received(2, 0), 5);
        });

        // Then
        OffsetAndMetadata first = new OffsetAndMetadata(1, "v=1;received=1;processed=1;deadLettered=0;revenueCents=7");
        await().atMost(PATIENCE).until(() -> broker.commits.size() > 1);
        broker.awaitTicks();
        assertThat(broker.commits).hasSize(2).last().isEqualTo(Map.of(PARTITION, first));
    }

    @Test
    void shouldCommitOnceMoreAndTakeTheTotalsAwayWhenAPartitionIsRevoked() {
        // Given
        TotalsCommit commits = TotalsCommits.started(vertx, broker, "orders", 1, average, Duration.ofHours(1));
        finishThree(commits);
        assertThat(average.totals()).isEqualTo(new Totals(3, 3, 0, 15));

        // When
        commits.partitionsRevoked(List.of(PARTITION));

        // Then
        assertThat(broker.commits).containsExactly(Map.of(PARTITION, new OffsetAndMetadata(3, ALL)));
        assertThat(average.totals()).isEqualTo(Totals.ZERO);
        assertThat(commits.partitions().await().atMost(PATIENCE)).isEmpty();
    }

    @Test
    void shouldCommitWhatTheCallsOfAPartitionHaveComeToBeforeItIsGivenAway() {
        // Given
        TotalsCommit commits = TotalsCommits.started(vertx, broker, "orders", 1, average, Duration.ofHours(1),
                TotalsCommits.noTransactions(), PATIENCE);
        OffsetTracker partition = commits.progress(PARTITION.topic(), PARTITION.partition());
        List<TrackedOffset> calls = new CopyOnWriteArrayList<>();
        onEventLoop(commits, progress -> {
            for (long offset = 0; offset < 2; offset++) {
                calls.add(progress.received(offset, 0));
                progress.callBegins();
            }
        });

        // When
        CompletableFuture<Void> givenAway = CompletableFuture
                .runAsync(() -> commits.partitionsRevoked(List.of(PARTITION)));
        await().atMost(PATIENCE).until(partition::isLeaving);
        for (TrackedOffset call : calls) {
            assertThat(givenAway).isNotDone();
            onEventLoop(commits, progress -> {
                progress.processed(call, 7);
                progress.callEnds();
            });
        }

        // Then
        assertThat(givenAway).succeedsWithin(PATIENCE);
        assertThat(broker.commits).containsExactly(Map.of(PARTITION,
                new OffsetAndMetadata(2, "v=1;received=2;processed=2;deadLettered=0;revenueCents=14")));
    }

    @Test
    void shouldTellHowLongTheConsumerHasNotPolledAlsoWhenItIsClosed() {
        // Given
        KafkaConsumer<byte[], byte[]> kafka = new KafkaConsumer<>(Map.of("bootstrap.servers", "localhost:1"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
        TotalsCommit commits = new TotalsCommit(vertx, TotalsCommits.consumer(kafka),
                TotalsCommits.watch(TotalsCommits.consumer(kafka)), new Counting(average, true, 0), INTERVAL,
                TotalsCommits.noTransactions(), new SimpleMeterRegistry(), "orders-in", TotalsCommits.lost(),
                TotalsCommits.positions(), TotalsCommits.CALL_TIMEOUT);
        kafka.assign(List.of(PARTITION));
        assertThat(commits.sinceLastPoll()).isZero();

        // When
        kafka.poll(Duration.ZERO);
        kafka.close();

        // Then
        await().atMost(PATIENCE).until(() -> commits.sinceLastPoll().toSeconds() >= 2);
    }

    private static void finishThree(TotalsCommit commits) {
        onEventLoop(commits, progress -> {
            for (long offset = 0; offset < 3; offset++) {
                progress.processed(progress.received(offset, 0), 5);
            }
        });
    }

    private static void onEventLoop(TotalsCommit commits, Consumer<OffsetTracker> action) {
        commits.runOnContextAndAwait(() -> {
            action.accept(commits.progress(PARTITION.topic(), PARTITION.partition()));
            return null;
        });
    }
}
