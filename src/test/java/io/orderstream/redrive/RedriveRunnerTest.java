package io.orderstream.redrive;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetters;
import io.orderstream.redrive.RedriveJob.State;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.orderstream.testsupport.TopicClient;

/** Jobs on one instance: what is sent, how fast, and what another job sends after it. */
class RedriveRunnerTest extends RedriveFixture {

    @Test
    void shouldSendEachLetterOnceInTheOriginalOrderAndSaySo() {
        // Given
        int count = 500;
        letters(count, Map.of());
        RedriveNode node = node(EACH_SECOND);

        // When
        String id = node.create(all(null));
        RedriveJob job = node.await(id, State.FINISHED);

        // Then
        assertSentExactlyOnceInOrder(count);
        assertThat(job.counts()).isEqualTo(new RedriveCounts(count, count, count, Map.of(), List.of(), List.of()));
        assertThat(job.counts().remaining()).isZero();
        assertThat(job.finishedAt()).isAfterOrEqualTo(job.startedAt());
        ConsumerRecord<byte[], byte[]> record = topics.read(DeadLetters.TOPIC).get(0);
        assertThat(TopicClient.header(record, "redrive-id")).isEqualTo(id);
        assertThat(record.headers().toArray()).noneMatch(header -> header.key().startsWith("dead-letter-"));
    }

    @Tag("full")
    @Test
    void shouldWaitUntilClientsCanBeMade() {
        // Given
        letters(10, Map.of());
        AtomicInteger tries = new AtomicInteger();
        RedriveNode node = node(EACH_SECOND, clients -> {
            if (tries.incrementAndGet() < 3) {
                clients.close();
                throw new KafkaException("no name of a broker can be resolved");
            }
            return clients;
        });

        // When
        node.await(node.create(all(null)), State.FINISHED);

        // Then
        assertThat(tries).hasValue(3);
        assertSentExactlyOnceInOrder(10);
    }

    @Test
    void shouldNotSendAgainWhatAnEarlierJobHasSentUnlessItIsWanted() {
        // Given
        letters(30, Map.of());
        RedriveNode node = node(EACH_SECOND);
        String first = node.create(new RedriveRequest(DeadLetterFilter.ALL, false, null, 20));
        String second = node.create(all(null));
        String third = node.create(all(null));
        String again = node.create(new RedriveRequest(DeadLetterFilter.ALL, true, null, 5));

        // When
        node.await(again, State.FINISHED);

        // Then
        assertThat(node.log.find(first).orElseThrow().counts().sent()).isEqualTo(20);
        assertThat(node.log.find(second).orElseThrow().counts().sent()).isEqualTo(10);
        assertThat(node.log.find(second).orElseThrow().counts().skipped()).isEqualTo(Map.of("alreadyRedriven", 20));
        assertThat(node.log.find(third).orElseThrow().counts().skipped()).isEqualTo(Map.of("alreadyRedriven", 30));
        assertThat(node.log.find(again).orElseThrow().counts().sent()).isEqualTo(5);
        assertThat(sent()).isEqualTo(35);
    }

    @Tag("full")
    @Test
    void shouldKeepNoClientsForJobsWhileThereIsNone() {
        // Given
        letters(30, Map.of());
        RedriveNode node = node(EACH_SECOND);
        String id = node.create(all(20.0));
        await().atMost(PATIENCE).until(() -> isOpen("consumer", "redrive-reader") && isOpen("producer", "redrive-sender"));

        // When
        node.await(id, State.FINISHED);

        // Then
        await().atMost(PATIENCE).until(() -> !isOpen("consumer", "redrive-reader") && !isOpen("producer", "redrive-sender"));

        // When
        String again = node.create(new RedriveRequest(DeadLetterFilter.ALL, true, null, 30));

        // Then
        assertThat(node.await(again, State.FINISHED).counts().sent()).isEqualTo(30);
    }

    /** Whether this JVM has such a client of Kafka. */
    private static boolean isOpen(String kind, String clientId) throws MalformedObjectNameException {
        return ManagementFactory.getPlatformMBeanServer()
                .isRegistered(new ObjectName("kafka." + kind + ":type=app-info,id=" + clientId));
    }

    @Tag("full")
    @TimedTest
    void shouldKeepALowRateWithinTenPerCent() {
        assertThatRateIsKept(3, 10);
    }

    @Tag("full")
    @TimedTest
    void shouldKeepAHighRateWithinTenPerCent() {
        assertThatRateIsKept(200, 500);
    }

    private void assertThatRateIsKept(double rate, int count) {
        // Given
        letters(count, Map.of());
        RedriveNode node = node(EACH_SECOND);

        // When
        node.await(node.create(all(rate)), State.FINISHED);

        // Then
        List<Long> times = topics.read(DeadLetters.TOPIC).stream().map(ConsumerRecord::timestamp).sorted().toList();
        assertThat(times).hasSize(count);
        double seconds = (times.get(count - 1) - times.get(0)) / 1000.0;
        assertThat((count - 1) / seconds).isLessThanOrEqualTo(rate * 1.1);
        // No burst either: a second's worth takes a second, wherever one looks.
        int second = (int) rate;
        for (int i = 0; i + second < count; i++) {
            assertThat(times.get(i + second) - times.get(i)).isGreaterThan(second == 1 ? 0 : 400);
        }
        TooLate.check(count + " letters", Duration.ofMillis((long) (seconds * 1000)),
                Duration.ofMillis((long) ((count - 1) / (rate * 0.9) * 1000)));
    }

    @Tag("full")
    @Test
    void shouldStopHalfWayAndGoOnWhenResumed() {
        // Given
        int count = 300;
        letters(count, Map.of());
        RedriveNode node = node(NEVER);
        String id = node.create(all(100.0));
        awaitSent(50);

        // When
        node.log.append(id, true);
        RedriveJob stopped = node.await(id, State.STOPPED);

        // Then
        assertThat(stopped.counts().sent()).isEqualTo((int) sent()).isBetween(50, count - 1);
        assertThat(stopped.counts().remaining()).isEqualTo(count - stopped.counts().sent());
        await().during(Duration.ofSeconds(1)).until(() -> sent() == stopped.counts().sent());

        // When
        node.log.append(id, false);
        RedriveJob finished = node.await(id, State.FINISHED);

        // Then
        assertSentExactlyOnceInOrder(count);
        assertThat(finished.counts().sent()).isEqualTo(count);
        assertThat(finished.startedAt()).isEqualTo(stopped.startedAt());
    }

    @Tag("full")
    @Test
    void shouldSendOnlyLettersThatWereThereWhenTheJobWasAskedFor() {
        // Given
        letters(10, Map.of());
        RedriveNode node = node(EACH_SECOND);
        node.create(all(5.0));
        awaitSent(1);
        String behind = node.create(new RedriveRequest(DeadLetterFilter.ALL, true, null, 100));

        // When
        topics.send(List.of(DeadLetters.of(0, 999, "late", value(999), Map.of())));

        // Then
        assertThat(node.await(behind, State.FINISHED).counts().matching()).isEqualTo(10);
        assertThat(sent()).isEqualTo(20);
    }
}
