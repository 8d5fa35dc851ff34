package io.orderstream.spool;

import static io.orderstream.spool.SpoolFixture.CLOCK;
import static io.orderstream.spool.SpoolFixture.DEAD_LETTERS;
import static io.orderstream.spool.SpoolFixture.append;
import static io.orderstream.spool.SpoolFixture.entries;
import static io.orderstream.spool.SpoolFixture.files;
import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.kafka.BrokerConnections;
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.OpenTransactionException;
import io.orderstream.kafka.TopicReader;
import io.orderstream.testsupport.TopicClient;

/** Every entry of the spool gets to the dead letters exactly once, whenever the process or the broker goes away. */
class SpoolSenderTest {

    private static final int ENTRIES = 1200;
    private static final int OF_OTHERS = 5;
    private static final int PATIENT_MILLIS = 30_000;

    @TempDir
    private Path directory;

    private int tryMillis = PATIENT_MILLIS;
    private EmbeddedKafka kafka;
    private TopicClient topics;
    private SpoolStore store;
    private SpoolSender sender;
    private KafkaConnections connections;
    private KeptFiles kept;

    @BeforeEach
    void start() throws IOException {
        kafka = new EmbeddedKafka(0, directory.resolve("kafka")).start();
        topics = new TopicClient(kafka.bootstrapServers());
        topics.create(DEAD_LETTERS, 3);
        // Letters of others stand before, between and behind ours.
        sendLettersOfOthers();
        restart();
    }

    @AfterEach
    void stop() {
        sender.close();
        BrokerConnections.close(connections);
        store.close();
        topics.close();
        kafka.close();
    }

    @Test
    void shouldSendAllInOrderAndLeaveNothing() throws IOException {
        // Given
        List<SpoolEntry> spooled = spool(ENTRIES);

        // When
        int sent = 0;
        for (int count = sender.sendNext(); count > 0; count = sender.sendNext()) {
            sent += count;
        }

        // Then
        assertThat(sent).isEqualTo(ENTRIES);
        assertExactlyOnce(spooled);
        assertThat(files(directory.resolve("spool"))).isEmpty();
    }

    @Test
    void shouldNotLetALetterThatIsTooLargeStandInTheWayOfOthers() throws IOException {
        // Given
        topics.takeRecordsOf(DEAD_LETTERS, 2_000);
        byte[] large = new byte[10_000];
        List<SpoolEntry> spooled = new ArrayList<>(entries(0, 20));
        spooled.get(7).setValue(ByteBuffer.wrap(large));
        append(store, spooled);

        // When
        drain();

        // Then
        assertExactlyOnce(spooled);
        assertThat(lettersOfOurs()).filteredOn(record -> DeadLetter.of(record).kept() != null).singleElement()
                .satisfies(record -> assertThat(kept.whole(record).orElseThrow().value()).isEqualTo(large));
    }

    @Test
    void shouldSendWhatIsMissingWhenTheProcessDiedAfterPartOfABatch() throws IOException {
        // Given
        List<SpoolEntry> spooled = spool(20);
        SpoolFile.Batch batch = store.next();
        List<SpoolEntry> missing = sender.missing(batch);
        sender.send(missing.subList(0, 7));

        // When
        restart();
        sendLettersOfOthers();
        drain();

        // Then
        assertExactlyOnce(spooled);
    }

    @Test
    void shouldSendNothingAgainWhenTheProcessDiedBeforeItNotedWhatWasConfirmed() throws IOException {
        // Given
        List<SpoolEntry> spooled = spool(20);
        SpoolFile.Batch batch = store.next();
        sender.send(sender.missing(batch));

        // When
        restart();
        drain();

        // Then
        assertExactlyOnce(spooled);
    }

    @Test
    void shouldSendAllWhenTheProcessDiedAfterItHadBegunABatch() throws IOException {
        // Given
        List<SpoolEntry> spooled = spool(20);
        sender.missing(store.next());

        // When
        restart();
        drain();

        // Then
        assertExactlyOnce(spooled);
    }

    @Test
    void shouldNotNoteABatchAsSentThatTheBrokerHasNotConfirmed() throws IOException {
        // Given
        List<SpoolEntry> spooled = spool(20);
        sender.missing(store.next());
        giveUpSoon();
        kafka.close();

        // When
        assertThatThrownBy(() -> sender.sendNext()).isInstanceOf(KafkaException.class);
        kafka = again();
        giveUpLate();

        // Then
        assertThat(store.entries()).isEqualTo(20);
        drain();
        assertExactlyOnce(spooled);
    }

    @Test
    void shouldSendAnEntryThatWasOnlyWrittenInAnAbortedTransaction() throws IOException {
        // Given
        List<SpoolEntry> spooled = spool(20);
        sender.missing(store.next());
        topics.sendAborted(SpoolEntries.letter(spooled.get(3)));

        // When
        restart();
        drain();

        // Then
        assertExactlyOnce(spooled);
    }

    @Test
    void shouldWaitUntilAnOpenTransactionNoLongerHidesWhatWasSent() throws IOException {
        // Given
        List<SpoolEntry> spooled = spool(20);
        SpoolFile.Batch batch = store.next();
        List<SpoolEntry> missing = sender.missing(batch);
        List<ProducerRecord<byte[], byte[]>> others = IntStream.range(0, 3)
                .mapToObj(partition -> new ProducerRecord<byte[], byte[]>(DEAD_LETTERS, partition, null, new byte[0])).toList();
        try (Producer<byte[], byte[]> open = topics.sendOpen(others)) {
            sender.send(missing);

            // When
            restart();

            // Then
            assertThatThrownBy(() -> sender.sendNext()).isInstanceOf(OpenTransactionException.class)
                    .hasMessageStartingWith("an open transaction hides the records of " + DEAD_LETTERS);
            open.abortTransaction();
        }
        drain();
        assertExactlyOnce(spooled);
    }

    @Test
    void shouldFindWhatWasSentToATopicMadeAnewMeanwhile() throws IOException {
        // Given
        List<SpoolEntry> spooled = spool(20);
        SpoolFile.Batch batch = store.next();
        List<SpoolEntry> missing = sender.missing(batch);
        topics.makeAnew(DEAD_LETTERS, 3);
        sender.send(missing);
        // Soon it has more records than the old one had when the batch was begun.
        sendLettersOfOthers();

        // When
        restart();
        drain();

        // Then
        assertExactlyOnce(spooled);
    }

    @Tag("full")
    @Test
    void shouldGoOnWhereItWasWhenTheBrokerWentAwayInTheMiddle() throws IOException {
        // Given
        giveUpSoon();
        List<SpoolEntry> spooled = spool(10_000);
        SpoolDrain drain = new SpoolDrain(sender, sent -> {
        }).start();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> store.entries() <= 9_000);

        // When
        kafka.close();
        // What was confirmed before is noted a moment later.
        AtomicLong before = new AtomicLong();
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE)
                .until(() -> before.getAndSet(store.entries()) == store.entries());
        kafka = again();
        await().atMost(PATIENCE).until(() -> store.entries() == 0);
        drain.close();

        // Then
        assertThat(before.get()).isBetween(1L, 9_500L);
        assertExactlyOnce(spooled);
    }

    @Test
    void shouldWaitForATopicThatIsNotThereYet() throws IOException {
        // Given
        giveUpSoon();
        append(store, List.of(SpoolEntry.newBuilder(entries(0, 1).get(0)).setDeadLetterTopic("later").build()));
        assertThatThrownBy(() -> sender.sendNext()).isInstanceOf(KafkaException.class);

        // When
        topics.create("later", 1);
        await().atMost(PATIENCE).ignoreExceptionsInstanceOf(KafkaException.class).until(() -> sender.sendNext() == 1);

        // Then
        assertThat(topics.read("later")).hasSize(1);
    }

    private List<SpoolEntry> spool(int count) throws IOException {
        List<SpoolEntry> spooled = entries(0, count);
        for (int from = 0; from < count; from += 20) {
            append(store, spooled.subList(from, Math.min(count, from + 20)));
        }
        return spooled;
    }

    private void drain() throws IOException {
        while (sender.sendNext() > 0) {
            // the next batch
        }
    }

    /** As after a kill: nothing is said to those who are gone but that their lock is. */
    private void restart() throws IOException {
        if (store != null) {
            store.close();
        }
        store = new SpoolStore(directory.resolve("spool"), CLOCK);
        kept = new KeptFiles(directory.resolve("spool"), 1_000_000, Duration.ofDays(7), CLOCK);
        String servers = kafka.bootstrapServers();
        BrokerConnections.close(connections);
        connections = BrokerConnections.to(servers);
        sender = new SpoolSender(store,
                () -> new TopicReader(connections, "test"),
                () -> new KafkaProducer<>(Map.of("bootstrap.servers", servers, "delivery.timeout.ms",
                        Integer.toString(tryMillis), "request.timeout.ms", Integer.toString(tryMillis - 500), "max.block.ms",
                        Integer.toString(tryMillis - 500), "batch.size", "0"),
                        new ByteArraySerializer(), new ByteArraySerializer()),
                kept);
    }

    /** So that what has become of a try has to be found out. */
    private void giveUpSoon() throws IOException {
        tryMillis = 1_500;
        restart();
    }

    private void giveUpLate() throws IOException {
        tryMillis = PATIENT_MILLIS;
        restart();
    }

    private EmbeddedKafka again() {
        int port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
        return new EmbeddedKafka(port, directory.resolve("kafka")).start();
    }

    private void sendLettersOfOthers() {
        for (int i = 0; i < OF_OTHERS; i++) {
            topics.send(DEAD_LETTERS, SpoolFixture.text("other-" + i), new byte[0]);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> lettersOfOurs() {
        return topics.read(DEAD_LETTERS).stream()
                .filter(record -> record.headers().lastHeader(DeadLetterHeaders.SPOOL_ID) != null).toList();
    }

    private void assertExactlyOnce(List<SpoolEntry> spooled) {
        List<ConsumerRecord<byte[], byte[]>> ours = lettersOfOurs();
        assertThat(ours).extracting(record -> TopicClient.header(record, DeadLetterHeaders.SPOOL_ID))
                .containsExactlyInAnyOrderElementsOf(spooled.stream().map(SpoolEntry::getId).toList());
        assertThat(ours).allSatisfy(record -> assertThat(DeadLetter.of(record).origin())
                .hasToString("orders-spool-" + TopicClient.header(record, DeadLetterHeaders.SPOOL_ID)));
        assertThat(store.entries()).isZero();
    }
}
