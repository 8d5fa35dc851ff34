package io.orderstream.redrive;

import static io.orderstream.testsupport.Patience.PATIENCE;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

import org.awaitility.Awaitility;

import io.orderstream.deadletter.DeadLetters;
import io.orderstream.deadletter.KeptLetters;
import io.orderstream.kafka.BrokerConnections;
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.TopicReader;

/** What an instance of the application has of the redrive, without the application. */
final class RedriveNode implements AutoCloseable {

    static final String JOBS = "redrive-jobs";
    private static final Duration SESSION = Duration.ofSeconds(6);

    final RedriveLog log;
    final RedriveRunner runner;
    private final KafkaConnections connections;
    private final DeadLetterScan scan;

    /**
     * @param checkpoints time between two records of a job's progress
     * @param change puts other clients in the place of some
     * @param kept the letters this instance keeps whole
     */
    RedriveNode(String servers, Duration checkpoints, UnaryOperator<RedriveClients> change, KeptLetters kept) {
        scan = new DeadLetterScan(Set.of(DeadLetters.DLQ), JOBS, 3, kept);
        connections = BrokerConnections.to(servers);
        log = new RedriveLog(connections, JOBS);
        runner = new RedriveRunner(
                () -> change.apply(RedriveClients.connect(connections, JOBS, "group-redrive", SESSION)), log, scan,
                checkpoints);
        log.start();
        runner.start();
    }

    /** Asks for a job as the API does, and returns its id. */
    String create(RedriveRequest request) {
        Awaitility.await().atMost(PATIENCE).until(log::isCaughtUp);
        try (TopicReader reader = new TopicReader(connections, "test")) {
            RedriveJob job = RedriveJob.created(UUID.randomUUID().toString(), "test", request, Instant.now(),
                    scan.ends(reader));
            log.append(job);
            return job.id();
        }
    }

    RedriveJob await(String id, RedriveJob.State state) {
        return Awaitility.await().atMost(PATIENCE).until(() -> log.find(id).orElse(null),
                job -> job != null && job.state() == state);
    }

    /** Ends the runner at once, as kill -9 does: nothing is written, nothing waited for. */
    void kill() {
        runner.thread.interrupt();
        Awaitility.await().atMost(PATIENCE).until(() -> !runner.thread.isAlive());
        log.close();
    }

    @Override
    public void close() {
        runner.close();
        log.close();
        BrokerConnections.close(connections);
    }
}
