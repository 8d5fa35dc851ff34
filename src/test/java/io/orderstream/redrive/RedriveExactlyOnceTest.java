package io.orderstream.redrive;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.kafka.BrokerConnections;
import io.orderstream.redrive.RedriveJob.State;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;

/** Jobs that change hands or lose their broker: every letter is sent exactly once all the same. */
@Tag("full")
class RedriveExactlyOnceTest extends RedriveFixture {

    private static final int COUNT = 600;
    private static final double RATE = 200;

    @Test
    void shouldSendNothingTwiceAfterAKillWithSendsThatAreNotWrittenDown() {
        // Given
        letters(COUNT, Map.of());
        RedriveNode killed = node(NEVER);
        String id = killed.create(all(RATE));
        awaitSent(100);

        // When
        killed.kill();
        RedriveNode next = node(EACH_SECOND);

        // Then
        assertThat(next.await(id, State.RUNNING).checkpoint().sent()).as("what was written down").isEmpty();
        assertThat(next.await(id, State.FINISHED).counts().sent()).isEqualTo(COUNT);
        assertSentExactlyOnceInOrder(COUNT);
    }

    @Test
    void shouldSendNothingTwiceWhenTheBrokersAnswerIsLost() {
        // Given
        letters(COUNT, Map.of());
        RedriveNode node = node(NEVER, clients -> new RedriveClients(clients.leader(), clients.reader(), new Forgetful()));

        // When
        RedriveJob job = node.await(node.create(all(null)), State.FINISHED);

        // Then
        assertThat(job.counts().sent()).isEqualTo(COUNT);
        assertSentExactlyOnceInOrder(COUNT);
    }

    /** Loses the answer to its first records. */
    private final class Forgetful extends RedriveSender {

        private boolean hasForgotten;

        Forgetful() {
            super(BrokerConnections.to(kafka.bootstrapServers()), Duration.ofSeconds(2));
        }

        @Override
        List<Outcome> send(List<ProducerRecord<byte[], byte[]>> records) {
            List<Outcome> outcomes = super.send(records);
            if (hasForgotten) {
                return outcomes;
            }
            hasForgotten = true;
            throw new TimeoutException("no answer");
        }
    }

    @TimedTest
    void shouldHandOverWhenTheLeaderLeaves() {
        // Given
        letters(COUNT, Map.of());
        RedriveNode leader = node(EACH_SECOND);
        String id = leader.create(all(RATE));
        awaitSent(100);
        RedriveNode follower = node(EACH_SECOND);
        await().atMost(PATIENCE).until(follower.log::isCaughtUp);
        assertThat(follower.runner.thread.isAlive()).isTrue();

        // When
        leader.close();
        long sentByLeader = sent();

        // Then
        assertThat(follower.await(id, State.FINISHED).counts().sent()).isEqualTo(COUNT);
        assertSentExactlyOnceInOrder(COUNT);
        if (sentByLeader == COUNT) {
            throw new TooLate("the job was done before its leader left");
        }
    }

    @Test
    void shouldWaitForABrokerThatGoesAwayAndGoOnWhenItIsBack() {
        // Given
        letters(COUNT, Map.of());
        RedriveNode node = node(EACH_SECOND);
        String id = node.create(all(RATE));
        awaitSent(100);

        // When
        kafka.close();

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(node.log.find(id).orElseThrow().waitingFor()).startsWith("the broker: "));

        // When
        int port = Integer.parseInt(kafka.bootstrapServers().substring("localhost:".length()));
        kafka = new EmbeddedKafka(port, directory).start();

        // Then
        RedriveJob job = node.await(id, State.FINISHED);
        assertThat(job.counts().sent()).isEqualTo(COUNT);
        assertThat(job.waitingFor()).isNull();
        assertSentExactlyOnceInOrder(COUNT);
    }
}
