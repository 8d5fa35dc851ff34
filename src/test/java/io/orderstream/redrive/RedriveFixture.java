package io.orderstream.redrive;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetters;
import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.testsupport.TopicClient;

/** A broker with dead letters, and instances that redrive them. */
abstract class RedriveFixture {

    static final Duration EACH_SECOND = Duration.ofSeconds(1);
    static final Duration NEVER = Duration.ofHours(1);
    private static final int PARTITIONS = 3;

    @TempDir
    Path directory;

    EmbeddedKafka kafka;
    TopicClient topics;
    /** The letters that all nodes keep whole. */
    final KeptInMemory kept = new KeptInMemory();
    private final List<RedriveNode> nodes = new ArrayList<>();

    @BeforeEach
    void startBroker() {
        kafka = new EmbeddedKafka(0, directory).start();
        topics = new TopicClient(kafka.bootstrapServers());
        topics.create(DeadLetters.TOPIC, PARTITIONS);
        topics.create(DeadLetters.DLQ, PARTITIONS);
        topics.create(RedriveNode.JOBS, 1);
    }

    @AfterEach
    void stopAll() {
        nodes.forEach(RedriveNode::close);
        topics.close();
        kafka.close();
    }

    RedriveNode node(Duration checkpoints) {
        return node(checkpoints, UnaryOperator.identity());
    }

    RedriveNode node(Duration checkpoints, UnaryOperator<RedriveClients> change) {
        RedriveNode node = new RedriveNode(kafka.bootstrapServers(), checkpoints, change, kept);
        nodes.add(node);
        return node;
    }

    /** Letters of the records 0 to count - 1, in another order than the records', spread over all partitions. */
    void letters(int count, Map<String, String> headers) {
        List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
        IntStream.range(0, count).forEach(n -> letters.add(
                DeadLetters.of(n % PARTITIONS, n, "key-" + n % PARTITIONS, value(n), headers)));
        Collections.shuffle(letters, new Random(count));
        topics.send(letters);
    }

    static byte[] value(int number) {
        return ("value " + number).getBytes(StandardCharsets.UTF_8);
    }

    static RedriveRequest all(Double ratePerSecond) {
        return new RedriveRequest(DeadLetterFilter.ALL, false, ratePerSecond, RedriveRequest.MOST_LETTERS);
    }

    void awaitSent(int atLeast) {
        await().atMost(PATIENCE).until(() -> sent() >= atLeast);
    }

    long sent() {
        return topics.ends(DeadLetters.TOPIC).values().stream().mapToLong(end -> end).sum();
    }

    /** Every record of 0 to count - 1 stands in its topic exactly once, in the original order, as it was. */
    void assertSentExactlyOnceInOrder(int count) {
        List<ConsumerRecord<byte[], byte[]>> records = topics.read(DeadLetters.TOPIC);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int number = partition;
            assertThat(records).filteredOn(record -> record.partition() == number)
                    .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                    .containsExactlyElementsOf(IntStream.range(0, count).filter(n -> n % PARTITIONS == number)
                            .mapToObj(n -> "value " + n).toList());
        }
    }
}
