package io.orderstream.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.DeadLetters;
import io.orderstream.deadletter.Origin;
import io.orderstream.kafka.BrokerConnections;
import io.orderstream.redrive.RedriveJob.State;

/** Letters that cannot be sent hold up no other. */
class RedriveSkipsTest extends RedriveFixture {

    private static final TopicPartition DLQ = new TopicPartition(DeadLetters.DLQ, 0);

    @Test
    void shouldLeaveOutALetterItsTopicDoesNotTake() throws Exception {
        // Given
        try (Admin admin = topics.admin()) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, DeadLetters.TOPIC),
                    List.of(new AlterConfigOp(new ConfigEntry("max.message.bytes", "2000"), AlterConfigOp.OpType.SET)))).all()
                    .get();
        }
        topics.send(List.of(DeadLetters.of(0, 0, "k", value(0), Map.of()), DeadLetters.of(0, 3, "k", new byte[5_000], Map.of()),
                DeadLetters.of(0, 6, "k", value(6), Map.of())));
        RedriveNode node = node(EACH_SECOND);

        // When
        RedriveJob job = node.await(node.create(all(null)), State.FINISHED);

        // Then
        assertThat(job.counts()).isEqualTo(new RedriveCounts(3, 3, 2, Map.of("refused", 1), List.of()));
        assertThat(job.counts().remaining()).isZero();
        assertThat(topics.read(DeadLetters.TOPIC)).extracting(ConsumerRecord::value).containsExactly(value(0), value(6));
    }

    @Test
    void shouldStopAQueuedJobThoughAnotherOneRuns() {
        // Given
        letters(100, Map.of());
        RedriveNode node = node(EACH_SECOND);
        String running = node.create(all(1.0));
        awaitSent(1);
        String queued = node.create(all(null));

        // When
        node.log.append(queued, true);

        // Then
        assertThat(node.await(queued, State.STOPPED).startedAt()).isNull();
        assertThat(node.log.find(running).orElseThrow().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void shouldFetchWhatIsStillThereHoweverFarApart() throws Exception {
        // Given
        List<SelectedDeadLetter> wanted = new ArrayList<>();
        topics.send(IntStream.range(0, 2_000).mapToObj(n -> DeadLetters.of(0, n, "k", value(n), Map.of())).toList());
        for (long offset : new long[] { 1_999, 3, 700, 4, 1_300 }) {
            wanted.add(new SelectedDeadLetter(DLQ, offset, Origin.record(DeadLetters.TOPIC, 0, offset), 0, null, 10));
        }
        try (Admin admin = topics.admin()) {
            admin.deleteRecords(Map.of(DLQ, RecordsToDelete.beforeOffset(4))).all().get();
        }

        // When
        try (Consumer<byte[], byte[]> consumer = BrokerConnections.to(kafka.bootstrapServers()).consumer("test", Map.of())) {
            Map<SelectedDeadLetter, ConsumerRecord<byte[], byte[]>> found = DeadLetterScan.fetch(consumer, wanted, () -> {
            });

            // Then
            assertThat(found.keySet()).extracting(SelectedDeadLetter::offset).containsExactlyInAnyOrder(1_999L, 700L, 4L,
                    1_300L);
            assertThat(found).allSatisfy(
                    (letter, record) -> assertThat(record.value()).isEqualTo(value((int) letter.offset())));
        }
    }

    @Test
    void shouldHoldNoMoreInMemoryThanAChunk() {
        // Given
        SelectedDeadLetter small = new SelectedDeadLetter(DLQ, 0, null, 0, null, 10);
        SelectedDeadLetter large = new SelectedDeadLetter(DLQ, 0, null, 0, null, 5_000_000);
        SelectedDeadLetter huge = new SelectedDeadLetter(DLQ, 0, null, 0, null, 20_000_000);

        // Then
        assertThat(DeadLetterScan.chunk(Collections.nCopies(1_000, small))).hasSize(500);
        assertThat(DeadLetterScan.chunk(List.of(large, large, small))).containsExactly(large);
        assertThat(DeadLetterScan.chunk(List.of(huge, small))).containsExactly(huge);
    }
}
