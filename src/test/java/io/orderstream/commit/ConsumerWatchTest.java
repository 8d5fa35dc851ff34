package io.orderstream.commit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.testsupport.DamagedRecords;
import io.orderstream.testsupport.TopicClient;

/** What a consumer says of records it cannot fetch, with records that were damaged on the broker's disk. */
class ConsumerWatchTest {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final TopicPartition SOUND = new TopicPartition("orders", 0);
    private static final TopicPartition DAMAGED = new TopicPartition("orders", 1);

    @TempDir
    Path directory;

    private final ConsumerWatch watch = TotalsCommits.watch(null);
    private EmbeddedKafka kafka;
    private Consumer<byte[], byte[]> consumer;

    @BeforeEach
    void damageARecord() throws IOException {
        kafka = new EmbeddedKafka(0, directory).start();
        try (TopicClient topics = new TopicClient(kafka.bootstrapServers())) {
            topics.create("orders", 2);
            topics.send(List.of(record(SOUND, "sound")));
            topics.send(List.of(record(DAMAGED, "first")));
            topics.send(List.of(record(DAMAGED, "second")));
        }
        kafka.close();
        DamagedRecords.make(directory, "orders", 1, "second");
        kafka = new EmbeddedKafka(0, directory).start();
        consumer = new KafkaConsumer<>(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG, "group", ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(SOUND, DAMAGED));
    }

    @AfterEach
    void stop() {
        consumer.close();
        kafka.close();
    }

    @Test
    void shouldTellSinceWhenARecordCannotBeFetched() {
        // Given
        await().until(() -> poll() && consumer.position(SOUND) == 1 && consumer.position(DAMAGED) == 1);

        // When
        look(10);
        poll();
        look(40);

        // Then
        assertThat(stands(DAMAGED, 14)).isZero();
        assertThat(stands(DAMAGED, 50)).isEqualTo(Duration.ofSeconds(40));
        assertThat(stands(SOUND, 50)).isZero();
        assertThat(watch.withStanding(new PartitionState(DAMAGED, 0, 1, Duration.ofSeconds(3)), seconds(50)).oldestAge())
                .as("a record that is in work is another matter").isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void shouldSayNothingOfAPartitionThatIsPausedOrIsPassed() {
        // Given
        await().until(() -> poll() && consumer.position(SOUND) == 1 && consumer.position(DAMAGED) == 1);
        look(10);

        // When
        consumer.pause(List.of(DAMAGED));
        look(20);

        // Then
        assertThat(stands(DAMAGED, 50)).isZero();

        // When
        consumer.resume(List.of(DAMAGED));
        look(30);
        consumer.seek(DAMAGED, 2);
        look(40);

        // Then
        assertThat(stands(DAMAGED, 50)).isZero();
    }

    @Test
    void shouldGoOnWhenTheRecordThatCannotBeReadIsDeleted() throws Exception {
        // Given
        await().until(() -> poll() && consumer.position(SOUND) == 1 && consumer.position(DAMAGED) == 1);
        try (TopicClient topics = new TopicClient(kafka.bootstrapServers()); Admin admin = topics.admin()) {
            admin.deleteRecords(Map.of(DAMAGED, RecordsToDelete.beforeOffset(2))).all().get();
            topics.send(List.of(record(DAMAGED, "third")));
        }
        assertThatThrownBy(() -> consumer.poll(POLL)).as("what it has fetched")
                .hasMessageContaining("please seek past the record");
        PollProbe probe = new PollProbe();

        // Then
        assertThat(probe.failure(consumer, Duration.ofSeconds(1), System.nanoTime()))
                .hasMessageContaining("please seek past the record");

        // When
        await().until(() -> probe.failure(consumer, Duration.ZERO, System.nanoTime()) == null);

        // Then
        List<String> read = new ArrayList<>();
        await().until(() -> {
            consumer.poll(POLL).forEach(record -> read.add(new String(record.value(), ISO_8859_1)));
            return !read.isEmpty();
        });
        assertThat(read).as("the probe has put it back").containsExactly("third");
    }

    /** Polls, which fails where the next record is damaged; says true to be used in a condition. */
    private boolean poll() {
        try {
            consumer.poll(POLL);
        } catch (KafkaException e) {
            assertThat(e).hasMessageContaining("please seek past the record");
        }
        return true;
    }

    private void look(int atSecond) {
        watch.look(consumer, seconds(atSecond));
    }

    private Duration stands(TopicPartition partition, int atSecond) {
        return watch.withStanding(new PartitionState(partition, 0, 0, Duration.ZERO), seconds(atSecond)).oldestAge();
    }

    private static long seconds(int number) {
        return TimeUnit.SECONDS.toNanos(number);
    }

    private static ProducerRecord<byte[], byte[]> record(TopicPartition partition, String value) {
        return new ProducerRecord<>(partition.topic(), partition.partition(), null, value.getBytes(ISO_8859_1));
    }
}
