package io.orderstream.redrive;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.DeadLetters;
import io.orderstream.redrive.RedriveJob.State;

/** What others write in transactions: aborted letters are none, and what an open one hides is not taken for absent. */
class RedriveTransactionsTest extends RedriveFixture {

    @Test
    void shouldNotSendALetterOfAnAbortedTransaction() {
        // Given
        letters(6, Map.of());
        topics.sendAborted(DeadLetters.of(0, 6, "key-0", value(6), Map.of()));
        RedriveNode node = node(EACH_SECOND);

        // When
        RedriveJob job = node.await(node.create(all(null)), State.FINISHED);

        // Then
        assertThat(job.counts().matching()).isEqualTo(6);
        assertSentExactlyOnceInOrder(6);
    }

    @Test
    void shouldSendAgainWhatWasOnlySentInAnAbortedTransaction() {
        // Given
        letters(3, Map.of());
        RedriveNode killed = node(NEVER);
        String id = killed.create(all(0.1));
        awaitSent(1);
        killed.kill();

        // When
        topics.sendAborted(new ProducerRecord<>(DeadLetters.TOPIC, 1, "key-1".getBytes(StandardCharsets.UTF_8), value(1),
                DeadLetters.headers(0, 0, Map.of("redrive-id", id, "redrive-origin", "orders-1-1"))));
        node(NEVER);

        // Then
        await().atMost(PATIENCE).until(() -> topics.read(DeadLetters.TOPIC).size() >= 2);
        assertThat(topics.read(DeadLetters.TOPIC)).extracting(ConsumerRecord::value).contains(value(1));
    }

    @Test
    void shouldWaitAndSendNothingTwiceWhileAnOpenTransactionHidesWhatWasSent() {
        // Given
        int count = 300;
        letters(count, Map.of());
        RedriveNode killed = node(NEVER);
        List<ProducerRecord<byte[], byte[]>> others = IntStream.range(0, 3).mapToObj(
                partition -> new ProducerRecord<>(DeadLetters.TOPIC, partition, new byte[0], new byte[0])).toList();
        try (Producer<byte[], byte[]> open = topics.sendOpen(others)) {
            String id = killed.create(all(200.0));
            awaitSent(100);
            killed.kill();
            long sent = sent();

            // When
            RedriveNode next = node(EACH_SECOND);

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(next.log.find(id).map(RedriveJob::waitingFor))
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .startsWith("the broker: an open transaction hides the records of orders-")));
            assertThat(sent()).isEqualTo(sent);
            open.abortTransaction();
            assertThat(next.await(id, State.FINISHED).counts().sent()).isEqualTo(count);
        }
        assertSentExactlyOnceInOrder(count);
    }

    @Test
    void shouldTakeOverAJobThoughItsTopicEndsWithATransaction() {
        // Given
        letters(3, Map.of());
        RedriveNode killed = node(NEVER);
        killed.create(all(0.1));
        awaitSent(1);
        killed.kill();

        // When
        topics.sendAborted(new ProducerRecord<>(RedriveNode.JOBS, "no-job".getBytes(StandardCharsets.UTF_8), new byte[0]));
        node(NEVER);

        // Then
        awaitSent(2);
    }
}
