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
    private final TotalsRestore restore = new TotalsRestore(new Counting(average, true, 0), new PositionCheck(
            partitions -> CompletableFuture.completedFuture(Map.of(PARTITION, new PartitionLog(Uuid.ONE_UUID, 7, 20))),
            "earliest", () -> true));

    /** Answers as it is told when it is asked what is committed. */
    private static final class Broker extends MockConsumer<byte[], byte[]> {

        private final IntFunction<RuntimeException> answers;
        private int asked;

        private Broker(IntFunction<RuntimeException> answers) {
            super("earliest");
            this.answers = answers;
            assign(List.of(PARTITION));
            updateBeginningOffsets(Map.of(PARTITION, 7L));
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
            RuntimeException failure = answers.apply(++asked);
            if (failure != null) {
                throw failure;
            }
            return Map.of();
        }
    }

    @Test
    void shouldTryAgainUntilTheBrokerAnswersAndSaySoOnce() {
        // Given
        Broker broker = new Broker(asked -> asked < 6 ? new TimeoutException("the broker is away") : null);
        LogLines log = new LogLines(TotalsRestore.class);

        // When
        Map<TopicPartition, RestoredPartition> restored = restore.restore(broker, List.of(PARTITION), told::add);
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
        assertThatThrownBy(() -> restore.restore(broker, List.of(PARTITION), told::add)).isInstanceOf(WakeupException.class);
    }
}
