package io.orderstream.commit;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.orderstream.kafka.KafkaFutures;
import io.orderstream.testsupport.TestRun;
import io.orderstream.testsupport.TopicClient;

/** On a real broker: what is passed over is told, and what is there is read, wherever the consumer stands. */
class PositionCheckTest {

    private static final Duration POLL = Duration.ofMillis(50);

    private final String topic = "positions-" + UUID.randomUUID();
    private final TopicPartition partition = new TopicPartition(topic, 0);
    private final TopicClient topics = new TopicClient(TestRun.sharedBroker());
    private final Admin admin = topics.admin();
    private final KafkaConsumer<byte[], byte[]> kafka = new KafkaConsumer<>(
            Map.of("bootstrap.servers", TestRun.sharedBroker(), "auto.offset.reset", "none", "enable.auto.commit", "false",
                    "isolation.level", "read_committed", "metadata.max.age.ms", "200", "fetch.max.wait.ms", "50",
                    "max.poll.records", "10"),
            new ByteArrayDeserializer(), new ByteArrayDeserializer());
    private final List<String> asked = new ArrayList<>();
    private boolean isFailing;
    private boolean isDistrusted;
    private final PositionCheck positions = new PositionCheck(new OnThisThread(), "earliest",
            () -> !isFailing && !isDistrusted);
    private final List<Long> read = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();

    /** It is asked on the test's own thread, which is the one that polls. */
    private final class OnThisThread implements PartitionLog.Source {

        private final PartitionLog.Source broker = PartitionLog.source(admin);

        @Override
        public CompletionStage<Map<TopicPartition, PartitionLog>> describe(Set<TopicPartition> partitions) {
            return answer("log", broker.describe(partitions));
        }

        @Override
        public CompletionStage<Set<TopicPartition>> changed(Map<TopicPartition, Uuid> known) {
            return answer("topic", broker.changed(known));
        }

        private <T> CompletionStage<T> answer(String question, CompletionStage<T> answer) {
            asked.add(question);
            try {
                return CompletableFuture.completedFuture(KafkaFutures.await(answer.toCompletableFuture(), PATIENCE, question));
            } catch (KafkaException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
    }

    @BeforeEach
    void readFive() {
        topics.create(topic, 1);
        send(30);
        kafka.assign(List.of(partition));
        assertThat(start(5L)).isEqualTo(5);
        kafka.seek(partition, 5);
    }

    @AfterEach
    void close() {
        kafka.close();
        admin.close();
        topics.close();
    }

    @Test
    void shouldTellWhatIsDeletedBeforeItIsRead() {
        // When
        deleteTo(22);
        readTo(30);

        // Then
        assertThat(read).containsExactlyElementsOf(LongStream.range(22, 30).boxed().toList());
        assertThat(gone).containsExactly("5-22");
    }

    @Test
    void shouldTellThatAllIsDeletedThoughNothingMoreComes() {
        // When
        deleteTo(30);
        await(() -> !gone.isEmpty());

        // Then
        assertThat(gone).containsExactly("5-30");
        assertThat(kafka.position(partition)).isEqualTo(30);
    }

    @Test
    void shouldTellNothingWhereOffsetsAreMissingThatWereNoRecords() {
        // Given
        readTo(30);
        topics.sendAborted(new ProducerRecord<>(topic, new byte[] { 1 }));

        // When
        send(3);
        deleteTo(25);
        // The mark of the transaction's end is before or behind them.
        readTo(34);

        // Then
        assertThat(gone).isEmpty();
    }

    @Test
    void shouldReadATopicFromItsBeginningThatIsMadeAnewAndShorter() {
        // Given
        readTo(30);
        read.clear();

        // When
        makeAnew(7);

        // Then
        await(() -> read.size() >= 7);
        assertThat(read).containsExactlyElementsOf(LongStream.range(0, 7).boxed().toList());
        assertThat(gone).isEmpty();
    }

    @Test
    void shouldReadATopicFromItsBeginningThatIsMadeAnewAndLongerWhileTheConsumerWaits() {
        // Given
        readTo(15);
        read.clear();
        kafka.pause(List.of(partition));

        // When
        makeAnew(40);
        await(() -> kafka.position(partition) == 0);
        kafka.resume(List.of(partition));

        // Then
        await(() -> read.size() >= 40);
        assertThat(read).containsExactlyElementsOf(LongStream.range(0, 40).boxed().toList());
    }

    @Test
    void shouldReadOnceWhatIsWrittenToATopicThatWasMadeAnewWhileItWasEmpty() {
        // Given
        makeAnew(0);
        await(() -> kafka.position(partition) == 0 && asked.contains("topic"));
        makeAnew(0);
        asked.clear();
        await(() -> asked.contains("log"));

        // When
        send(3);
        await(() -> read.size() == 3);
        asked.clear();
        await(() -> asked.size() > 1);

        // Then
        assertThat(read).containsExactly(0L, 1L, 2L);
    }

    @Test
    void shouldAskOnlyWhichTopicItIsWhileThereIsNothingToRead() {
        // Given
        readTo(30);
        await(() -> asked.contains("topic"));

        // When
        asked.clear();
        await(() -> asked.size() > 1);

        // Then
        assertThat(asked).containsOnly("topic");

        // And when polls fail
        isDistrusted = true;
        await(() -> asked.contains("log"));
    }

    @Test
    void shouldStartWhereItWasCommittedUnlessThatIsGone() {
        // Given
        deleteTo(10);

        // Then
        assertThat(start(null)).as("of a new group").isEqualTo(10);
        assertThat(start(3L)).as("of what was deleted").isEqualTo(10);
        assertThat(start(20L)).isEqualTo(20);

        // And when it is made anew, with more records than were committed
        makeAnew(40);
        assertThat(start(20L)).isZero();
    }

    @Test
    void shouldStartANewGroupAtTheEndIfTheChannelSaysSo() {
        // Given
        PositionCheck latest = new PositionCheck(PartitionLog.source(admin), "latest", () -> true);

        // Then
        assertThat(latest.starts(List.of(partition), Map.of(), Map.of(), PATIENCE).get(partition).offset()).isEqualTo(30);
    }

    private long start(Long committed) {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        commits.put(partition, committed == null ? null : new OffsetAndMetadata(committed));
        return positions.starts(List.of(partition), commits, Map.of(), PATIENCE).get(partition).offset();
    }

    private void send(int records) {
        topics.send(IntStream.range(0, records).mapToObj(i -> new ProducerRecord<byte[], byte[]>(topic, new byte[] { 1 }))
                .toList());
    }

    private void deleteTo(long offset) {
        KafkaFutures.await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all());
    }

    private void makeAnew(int records) {
        KafkaFutures.await(admin.deleteTopics(List.of(topic)).all());
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            topics.create(topic, 1);
            return true;
        });
        send(records);
    }

    private void readTo(long offset) {
        await(() -> !read.isEmpty() && read.get(read.size() - 1) >= offset - 1);
    }

    /** Polls as a channel does, which tries again when a poll has failed, until it has come so. */
    private void await(Callable<Boolean> condition) {
        Awaitility.await().pollInSameThread().atMost(PATIENCE).until(() -> {
            try {
                kafka.poll(POLL).forEach(record -> read.add(record.offset()));
                isFailing = false;
            } catch (KafkaException e) {
                // The position is out of the log.
                isFailing = true;
            }
            positions.look(TotalsCommits.consumer(kafka), (of, from, to) -> gone.add(from + "-" + to));
            return condition.call();
        });
    }
}
