package io.orderstream.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

import io.orderstream.testsupport.LogLines;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.TotalsMetadata;

class TotalsRestoreTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final RunningTotals average = new RunningTotals();
    private final List<KafkaException> told = new ArrayList<>();
    private Uuid topicId = Uuid.randomUuid();
    private final TotalsRestore restore = new TotalsRestore(new Counting(average, true, 0), new PositionCheck(
            partitions -> CompletableFuture.completedFuture(Map.of(PARTITION, new PartitionLog(topicId, 7, 20))),
            "earliest", () -> true), Duration.ofMillis(600));

    /** Answers as it is told when it is asked what is committed. */
    private static final class Broker extends MockConsumer<byte[], byte[]> {

        private final IntFunction<RuntimeException> answers;
        private final IntFunction<Long> commits;
        private int asked;

        private Broker(IntFunction<RuntimeException> answers) {
            this(answers, asked -> null);
        }

        private Broker(IntFunction<RuntimeException> answers, IntFunction<Long> commits) {
            super("earliest");
            this.answers = answers;
            this.commits = commits;
            assign(List.of(PARTITION));
            updateBeginningOffsets(Map.of(PARTITION, 7L));
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
            RuntimeException failure = answers.apply(++asked);
            if (failure != null) {
                throw failure;
            }
            Long offset = commits.apply(asked);
            return offset == null ? Map.of() : Map.of(PARTITION, new OffsetAndMetadata(offset));
        }
    }

    @Test
    void shouldTryAgainUntilTheBrokerAnswersAndSaySoOnce() {
        // Given
        Broker broker = new Broker(asked -> asked < 6 ? new TimeoutException("the broker is away") : null);
        LogLines log = new LogLines(TotalsRestore.class);

        // When
        Map<TopicPartition, RestoredPartition> restored = restore.restore(broker, List.of(PARTITION), Map.of(), told::add);
        log.close();

        // Then
        assertThat(restored).containsOnlyKeys(PARTITION);
        assertThat(restored.get(PARTITION).tracker().commit(TotalsMetadata.MAX_LENGTH, false).offset().offset()).isEqualTo(7);
        assertThat(broker.asked).isEqualTo(6);
        assertThat(told).hasSize(5).allSatisfy(failure -> assertThat(failure).hasMessage("the broker is away"));
        assertThat(log.lines()).filteredOn(line -> line.contains("not restored")).hasSize(1);
    }

    @Test
    void shouldEndWhenTheConsumerIsClosed() {
        // Given
        Broker broker = new Broker(asked -> asked < 3 ? new TimeoutException("the broker is away") : new WakeupException());

        // Then
        assertThatThrownBy(() -> restore.restore(broker, List.of(PARTITION), Map.of(), told::add))
                .isInstanceOf(WakeupException.class);
    }

    @Test
    void shouldAskAgainForACommitThatIsOlderThanOneOfThisInstance() {
        // Given a coordinator that has loaded nothing, then a part, then all
        Broker broker = new Broker(asked -> null, asked -> asked == 1 ? null : asked == 2 ? 9L : 15L);

        // When
        Map<TopicPartition, RestoredPartition> restored = restore.restore(broker, List.of(PARTITION), Map.of(PARTITION, 14L),
                told::add);

        // Then
        assertThat(restored.get(PARTITION).start()).isEqualTo(15);
        assertThat(broker.position(PARTITION)).isEqualTo(15);
        assertThat(told).extracting(Throwable::getMessage).containsExactly(
                "the broker gives offset 0 as committed for orders-0, and has confirmed 14",
                "the broker gives offset 9 as committed for orders-0, and has confirmed 14");
    }

    @Test
    void shouldBelieveAnOlderCommitThatStays() {
        // Given an operator who has reset the group
        Broker broker = new Broker(asked -> null, asked -> 9L);
        LogLines log = new LogLines(TotalsRestore.class);

        // When
        Map<TopicPartition, RestoredPartition> restored = restore.restore(broker, List.of(PARTITION), Map.of(PARTITION, 14L),
                told::add);
        log.close();

        // Then
        assertThat(restored.get(PARTITION).start()).isEqualTo(9);
        assertThat(told).isNotEmpty();
        assertThat(log.lines()).filteredOn(line -> line.contains("handled again")).singleElement().asString()
                .contains("partition=orders-0 committed=9 confirmed=14");
    }

    @Test
    void shouldNotWaitForCommitsOfATopicThatWasMadeAnew() {
        // Given
        Broker broker = new Broker(asked -> null, asked -> asked == 1 ? 15L : null);
        restore.restore(broker, List.of(PARTITION), Map.of(), told::add);
        topicId = Uuid.randomUuid();

        // When
        Map<TopicPartition, RestoredPartition> restored = restore.restore(broker, List.of(PARTITION), Map.of(PARTITION, 15L),
                told::add);

        // Then
        assertThat(restored.get(PARTITION).start()).isEqualTo(7);
        assertThat(told).isEmpty();
    }
}
