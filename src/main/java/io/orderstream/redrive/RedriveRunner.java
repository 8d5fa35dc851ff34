package io.orderstream.redrive;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

import io.orderstream.kafka.TopicReader;
import io.orderstream.support.DaemonThreads;
import io.orderstream.support.Failures;
import io.orderstream.support.LogText;

/**
 * Runs redrive jobs one after the other, on its own daemon thread, while this instance leads. Failures of Kafka are
 * retried and end neither the thread nor the job.
 */
final class RedriveRunner implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RedriveRunner.class);
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration PULSE = Duration.ofMillis(250);
    private static final Duration CONNECT_AGAIN = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Supplier<RedriveClients> connect;
    private final RedriveLog log;
    private final DeadLetterScan scan;
    private final Duration checkpointInterval;
    private final CountDownLatch closing = new CountDownLatch(1);
    /** Interrupting it ends it at once, like a crash of the process. */
    final Thread thread = DaemonThreads.named("redrive-runner", this::run);
    private volatile RedriveLeader leader;
    private RedriveRun current;
    private int knownTerm;
    private long pulseNanos;
    private long lookedNanos;
    private long retryNanos = System.nanoTime();
    private volatile String waitingFor;

    /**
     * @param connect creates the clients, called on the runner's thread
     * @param checkpointInterval shortest time between two records of a job's progress
     */
    RedriveRunner(Supplier<RedriveClients> connect, RedriveLog log, DeadLetterScan scan, Duration checkpointInterval) {
        this.connect = connect;
        this.log = log;
        this.scan = scan;
        this.checkpointInterval = checkpointInterval;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                connect();
            }
        } catch (InterruptException | InterruptedException e) {
            LOG.debug("redrive interrupted");
        }
    }

    private void connect() throws InterruptedException {
        try (RedriveClients clients = connect.get()) {
            serve(clients);
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            // Clients cannot be created while no broker's host name can be resolved.
            waits(e, CONNECT_AGAIN);
            closing.await(CONNECT_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void serve(RedriveClients clients) {
        leader = clients.leader();
        Duration wait = Duration.ZERO;
        while (closing.getCount() > 0) {
            wait = turn(clients, wait);
        }
        leave();
    }

    private Duration turn(RedriveClients clients, Duration wait) {
        try {
            leader.poll(wait.compareTo(IDLE) > 0 ? IDLE : wait);
            pulseNanos = System.nanoTime();
            if (!leader.leads()) {
                works();
            }
            boolean leads = leads(clients.reader());
            if (!leads || System.nanoTime() - retryNanos < 0) {
                rest(clients);
                return IDLE;
            }
            Duration next = work(clients);
            works();
            rest(clients);
            return next;
        } catch (InterruptException e) {
            throw e;
        } catch (WakeupException | CancellationException e) {
            // This instance is to stop or has lost the leadership, between two sends.
            return Duration.ZERO;
        } catch (RuntimeException e) {
            waits(e, clients.sender().delivery());
            return IDLE;
        }
    }

    private void rest(RedriveClients clients) {
        if (current == null) {
            clients.rest();
        }
    }

    /** Whether this instance leads and has read all that the previous leader wrote. */
    private boolean leads(TopicReader reader) {
        if (!leader.leads() || leader.term() != knownTerm) {
            current = null;
        }
        if (leader.leads() && leader.term() != knownTerm && log.isCaughtUp()) {
            Map<TopicPartition, Long> ends = reader.ends(Set.of(log.topic())).offsets();
            if (ends.values().stream().allMatch(log::hasReadTo)) {
                knownTerm = leader.term();
            } else {
                reader.requireCommitted(ends);
            }
        }
        return leader.leads() && leader.term() == knownTerm;
    }

    private Duration work(RedriveClients clients) {
        stopQueued();
        if (current == null) {
            Optional<RedriveJob> job = log.jobs().stream().filter(this::isToRun)
                    .min(Comparator.comparing(RedriveJob::createdAt).thenComparing(RedriveJob::id));
            if (job.isEmpty()) {
                return IDLE;
            }
            current = new RedriveRun(job.get(), log, scan, clients, checkpointInterval);
            log(current.job());
        }
        if (isToStop(current.job())) {
            current.stop();
            return ended();
        }
        Duration wait = current.step(this::pulse);
        return current.job().state() == RedriveJob.State.FINISHED ? ended() : wait;
    }

    /** Stops queued jobs at once, not only when it is their turn. */
    private void stopQueued() {
        if (System.nanoTime() - lookedNanos > PULSE.toNanos()) {
            lookedNanos = System.nanoTime();
            log.jobs().stream().filter(job -> job.state() == RedriveJob.State.QUEUED && isToStop(job))
                    .filter(job -> current == null || !job.id().equals(current.job().id())).toList()
                    .forEach(job -> log.append(job.stopped()));
        }
    }

    private boolean isToRun(RedriveJob job) {
        return switch (job.state()) {
            case QUEUED, RUNNING -> true;
            case STOPPED -> log.stop(job.id()).filter(stop -> !stop).isPresent();
            case FINISHED -> false;
        };
    }

    private boolean isToStop(RedriveJob job) {
        return log.stop(job.id()).orElse(false);
    }

    private Duration ended() {
        log(current.job());
        current = null;
        return Duration.ZERO;
    }

    /** Keeps the leadership during a long read, or ends the read if its result is no longer needed. */
    private void pulse() {
        if (System.nanoTime() - pulseNanos > PULSE.toNanos()) {
            leader.poll(Duration.ZERO);
            pulseNanos = System.nanoTime();
        }
        if (closing.getCount() == 0 || leader.term() != knownTerm || !leader.leads() || isToStop(current.job())) {
            throw new CancellationException("the run is to end");
        }
    }

    private void waits(RuntimeException failure, Duration untilNothingArrivesAnyMore) {
        retryNanos = System.nanoTime() + untilNothingArrivesAnyMore.toNanos();
        // Other failures than Kafka's are bugs: other jobs go on, and the stack trace is logged.
        boolean isKafka = failure instanceof KafkaException;
        String sentence = (isKafka ? "the broker: " : "") + Failures.shown(failure);
        if (!sentence.equals(waitingFor)) {
            waitingFor = sentence;
            LOG.warnf(isKafka ? null : failure, "redrive waits: job=%s reason=\"%s\"",
                    current == null ? "" : current.job().id(), LogText.quoted(sentence));
        }
        if (current != null) {
            current.waits(sentence);
        }
    }

    private void works() {
        if (waitingFor != null && System.nanoTime() - retryNanos >= 0) {
            waitingFor = null;
            LOG.info("redrive goes on");
        }
    }

    /** What redrive waits for, null if for nothing. Thread safe. */
    String waitingFor() {
        return waitingFor;
    }

    private void leave() {
        try {
            if (current != null && leader.leads() && leader.isConfirmed()) {
                current.leave();
            }
        } catch (KafkaException e) {
            LOG.warnf("redrive progress not written, the next start looks for it: job=%s reason=\"%s\"", current.job().id(),
                    Failures.reason(e));
        }
    }

    private static void log(RedriveJob job) {
        RedriveCounts counts = job.counts() == null ? RedriveCounts.NONE : job.counts();
        LOG.infof("redrive: job=%s by=%s state=%s matching=%d selected=%d sent=%d skipped=%s filter=%s", job.id(),
                LogText.value(job.by()),
                job.state().label(), counts.matching(), counts.selected(), counts.sent(), counts.skipped(),
                LogText.line(RedriveJson.text(job.request().filter())));
    }

    /** Waits up to 10 s for the current batch and the job's progress to be written, then interrupts the thread. */
    @Override
    public void close() {
        closing.countDown();
        if (leader != null) {
            leader.wakeup();
        }
        DaemonThreads.join(thread, CLOSE_TIMEOUT);
        thread.interrupt();
    }
}
