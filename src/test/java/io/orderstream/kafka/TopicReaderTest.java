package io.orderstream.kafka;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.testsupport.TopicClient;

/** What a look into large topics takes of the process, and gives back. */
@Tag("full")
class TopicReaderTest {

    private static final String TOPIC = "large";
    private static final int PARTITIONS = 6;
    private static final int RECORDS = 240;
    private static final int BYTES = 100_000;
    /** Twice that of a fetch: one that is read meets one that was read. */
    private static final long MOST_KEPT = 2L << 20;

    @Test
    void shouldNotKeepABufferOfAllThatIsInTheTopic(@TempDir Path directory) throws Exception {
        // Given
        try (EmbeddedKafka kafka = new EmbeddedKafka(0, directory).start();
                TopicClient topics = new TopicClient(kafka.bootstrapServers())) {
            topics.create(TOPIC, PARTITIONS);
            topics.send(records());
            KafkaConnections connections = BrokerConnections.to(kafka.bootstrapServers());
            AtomicInteger read = new AtomicInteger();
            CompletableFuture<Long> kept = new CompletableFuture<>();

            // When: the buffers are those of the thread that reads, so it is one that has none yet
            long before = directBytes();
            new Thread(() -> {
                look(connections, read);
                kept.complete(directBytes() - before);
            }, "reader").start();

            // Then
            assertThat(kept.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isLessThanOrEqualTo(MOST_KEPT);
            assertThat(read).hasValue(RECORDS);
            BrokerConnections.close(connections);
        }
    }

    private static void look(KafkaConnections connections, AtomicInteger read) {
        try (TopicReader reader = new TopicReader(connections, "reader")) {
            TopicEnds ends = reader.ends(List.of(TOPIC));
            reader.scan(reader.beginnings(ends.offsets().keySet()), ends.offsets(), record -> read.incrementAndGet(), () -> {
            });
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> records() {
        Random random = new Random(1);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int number = 0; number < RECORDS; number++) {
            byte[] value = new byte[BYTES];
            random.nextBytes(value);
            records.add(new ProducerRecord<>(TOPIC, number % PARTITIONS, null, value));
        }
        return records;
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }
}
