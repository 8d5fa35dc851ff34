package io.orderstream.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.DeadLetters;
import io.orderstream.deadletter.KeptLetter;
import io.orderstream.deadletter.LetterForm;
import io.orderstream.deadletter.Origin;
import io.orderstream.kafka.BrokerConnections;
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.TopicReader;
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
        topics.send(List.of(DeadLetters.of(0, 0, "k", value(0), Map.of()), DeadLetters.of(0, 3, "k", random(5_000), Map.of()),
                DeadLetters.of(0, 6, "k", value(6), Map.of())));
        RedriveNode node = node(EACH_SECOND);

        // When
        RedriveJob job = node.await(node.create(all(null)), State.FINISHED);

        // Then
        assertThat(job.counts()).isEqualTo(new RedriveCounts(3, 3, 2, Map.of("tooLarge", 1), List.of(),
                List.of(new LeftOutDeadLetter(DeadLetters.DLQ, 0, 1, "tooLarge", job.counts().leftOut().get(0).detail()))));
        assertThat(job.counts().remaining()).isZero();
        assertThat(topics.read(DeadLetters.TOPIC)).extracting(ConsumerRecord::value).containsExactly(value(0), value(6));
    }

    @Test
    void shouldSayWhichLettersAreLeftOutAndWhy() throws Exception {
        // Given
        try (Admin admin = topics.admin()) {
            admin.createTopics(List.of(new NewTopic("compacted", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all().get();
        }
        topics.takeRecordsOf(DeadLetters.TOPIC, 2_000);
        topics.send(List.of(letter(0, Map.of(), value(0)), letter(3, Map.of(), random(5_000)),
                letter(6, DeadLetters.redriven(0, 6, 3), value(6)), letter(9, Map.of("dead-letter-topic", "away"), value(9)),
                letter(12, Map.of("dead-letter-offset", "?"), value(12)), letter(0, Map.of(), value(0)),
                new ProducerRecord<byte[], byte[]>(DeadLetters.DLQ, 0, (byte[]) null, value(15),
                        DeadLetters.headers(0, 15, Map.of("dead-letter-topic", "compacted")))));
        RedriveNode node = node(EACH_SECOND);

        // When
        RedriveJob job = node.await(node.create(all(null)), State.FINISHED);

        // Then
        assertThat(job.counts().leftOut()).extracting(letter -> letter.offset() + " " + letter.reason()).containsExactly(
                "1 tooLarge", "2 parked", "3 unknownTarget", "4 noOrigin", "5 copies", "6 refused");
        assertThat(job.counts().leftOut().get(2).detail()).isEqualTo("away");
        assertThat(job.counts().leftOut().get(5).detail()).isNotBlank();
        assertThat(job.counts().remaining()).isZero();
        assertThat(job.counts().sent()).isOne();
    }

    private static ProducerRecord<byte[], byte[]> letter(int offset, Map<String, String> headers, byte[] value) {
        return DeadLetters.of(0, offset, "k", value, headers);
    }

    @Test
    void shouldSendWholeWhatThisInstanceKeepsAndLeaveOutWhatItDoesNot() {
        // Given
        ProducerRecord<byte[], byte[]> large = DeadLetters.of(0, 3, "large", new byte[200_000], Map.of());
        large.headers().add("mine", new byte[] { 7 });
        KeptLetter here = kept.keep(large);
        KeptLetter elsewhere = new KeptLetter("another host", "/somewhere", 1);
        topics.send(List.of(DeadLetters.of(0, 0, "k", value(0), Map.of()), LetterForm.kept(here).of(large),
                LetterForm.kept(elsewhere).of(DeadLetters.of(0, 6, "k", value(6), Map.of())),
                DeadLetters.of(0, 9, "k", value(9), Map.of())));
        RedriveNode node = node(EACH_SECOND);

        // When
        RedriveJob job = node.await(node.create(all(null)), State.FINISHED);

        // Then
        assertThat(job.counts().sent()).isEqualTo(3);
        assertThat(job.counts().leftOut()).extracting(letter -> letter.offset() + " " + letter.reason())
                .containsExactly("2 keptElsewhere");
        assertThat(job.counts().remaining()).isZero();
        List<ConsumerRecord<byte[], byte[]>> sent = topics.read(DeadLetters.TOPIC);
        assertThat(sent).extracting(ConsumerRecord::value).containsExactly(value(0), large.value(), value(9));
        assertThat(sent.get(1).headers().lastHeader("mine").value()).containsExactly(7);
        assertThat(sent.get(1).key()).isEqualTo(large.key());
    }

    @Test
    void shouldSendARecordThatItsTopicTakesCompressedOnly() {
        // Given
        topics.takeRecordsOf(DeadLetters.TOPIC, 10_000);
        topics.send(List.of(DeadLetters.of(0, 0, "k", new byte[500_000], Map.of())));
        RedriveNode node = node(EACH_SECOND);

        // When
        node.await(node.create(all(null)), State.FINISHED);

        // Then
        assertThat(topics.read(DeadLetters.TOPIC)).singleElement()
                .satisfies(record -> assertThat(record.value()).hasSize(500_000));
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
            wanted.add(new SelectedDeadLetter(DLQ, offset, Origin.record(DeadLetters.TOPIC, 0, offset), 0, 0, null, 10, 0));
        }
        try (Admin admin = topics.admin()) {
            admin.deleteRecords(Map.of(DLQ, RecordsToDelete.beforeOffset(4))).all().get();
        }

        // When
        KafkaConnections connections = BrokerConnections.to(kafka.bootstrapServers());
        try (TopicReader reader = new TopicReader(connections, "test")) {
            Map<SelectedDeadLetter, ConsumerRecord<byte[], byte[]>> found = DeadLetterScan.fetch(reader, wanted, () -> {
            });

            // Then
            assertThat(found.keySet()).extracting(SelectedDeadLetter::offset).containsExactlyInAnyOrder(1_999L, 700L, 4L,
                    1_300L);
            assertThat(found).allSatisfy(
                    (letter, record) -> assertThat(record.value()).isEqualTo(value((int) letter.offset())));
        } finally {
            BrokerConnections.close(connections);
        }
    }

    @Test
    void shouldHoldNoMoreInMemoryThanAChunk() {
        // Given
        SelectedDeadLetter small = new SelectedDeadLetter(DLQ, 0, null, 0, 0, null, 10, 0);
        SelectedDeadLetter large = new SelectedDeadLetter(DLQ, 0, null, 0, 0, null, 5_000_000, 0);
        SelectedDeadLetter huge = new SelectedDeadLetter(DLQ, 0, null, 0, 0, null, 20_000_000, 0);

        // Then
        assertThat(DeadLetterScan.chunk(Collections.nCopies(1_000, small))).hasSize(500);
        assertThat(DeadLetterScan.chunk(List.of(large, large, small))).containsExactly(large);
        assertThat(DeadLetterScan.chunk(List.of(huge, small))).containsExactly(huge);
    }

    /** No compression makes them smaller. */
    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
