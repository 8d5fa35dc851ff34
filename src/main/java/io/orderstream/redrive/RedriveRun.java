package io.orderstream.redrive;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.deadletter.Origin;
import io.orderstream.redrive.RedriveCounts.Skip;

/**
 * Execution of one job on the leader. After any unknown outcome it reads the target topics before it sends again, so
 * that no dead letter is sent twice. Not thread safe.
 */
final class RedriveRun {

    private static final int CHECKPOINT_BYTES_PER_SECOND = 50_000;

    private final RedriveLog log;
    private final DeadLetterScan scan;
    private final RedriveClients clients;
    private final Duration checkpointInterval;
    private final RateLimiter pacer;
    private RedriveJob job;
    private boolean prepared;
    private SentDeadLetters sent;
    private Map<TopicPartition, Long> scanFrom;
    private Map<String, Integer> targets;
    private Selection.Result found;
    private int next;
    private int fetchedTo;
    private Map<SelectedDeadLetter, ConsumerRecord<byte[], byte[]>> fetched;
    private int gone;
    private int refused;
    private long nextCheckpointNanos;

    RedriveRun(RedriveJob job, RedriveLog log, DeadLetterScan scan, RedriveClients clients, Duration checkpointInterval) {
        this.job = job;
        this.log = log;
        this.scan = scan;
        this.clients = clients;
        this.checkpointInterval = checkpointInterval;
        this.pacer = new RateLimiter(job.request().ratePerSecond(), System::nanoTime);
    }

    RedriveJob job() {
        return job;
    }

    boolean isFinished() {
        return job.state() == RedriveJob.State.FINISHED;
    }

    /**
     * Prepares the job, or sends the dead letters that are due.
     *
     * @param pulse called several times a second; ends the step by throwing
     * @return time until the next step has something to do
     * @throws KafkaException if a request fails; the next step determines what was sent
     */
    Duration step(Runnable pulse) {
        boolean done = false;
        try {
            Duration wait = prepared ? sendDue(pulse) : prepare(pulse);
            done = true;
            return wait;
        } finally {
            // The outcome of an interrupted step is unknown: prepare again.
            prepared &= done;
        }
    }

    private Duration prepare(Runnable pulse) {
        sent = SentDeadLetters.read(job.checkpoint().sent());
        Map<TopicPartition, Long> from = RedriveCheckpoint.partitions(job.checkpoint().scanFrom());
        Map<TopicPartition, Long> scanned = scan.ends(clients.reader(), DeadLetterScan.topics(from.keySet()));
        Set<Origin> landed = scan.landed(clients.reader(), job.id(), from, scanned, pulse);
        targets = scan.targets(clients.reader());
        found = scan.select(clients.reader(), job.request(), RedriveCheckpoint.partitions(job.checkpoint().ends()),
                letter -> log.isSentByOther(job.id(), letter), sent, landed, pulse);
        scanFrom = new HashMap<>(scan.ends(clients.reader(),
                found.letters().stream().map(letter -> letter.origin().topic()).collect(Collectors.toSet())));
        scanFrom.putAll(scanned);
        next = 0;
        fetchedTo = 0;
        gone = 0;
        refused = 0;
        if (!clients.leader().isConfirmed()) {
            throw new RedriveAbandonedException();
        }
        // Record where sent dead letters would be found before the first is sent.
        checkpoint();
        prepared = true;
        pacer.restart();
        return Duration.ZERO;
    }

    private Duration sendDue(Runnable pulse) {
        if (next == found.letters().size()) {
            job = current().finished(Instant.now());
            log.append(job);
            return Duration.ZERO;
        }
        if (next == fetchedTo) {
            List<SelectedDeadLetter> chunk = DeadLetterFetcher.chunk(found.letters().subList(next, found.letters().size()));
            fetched = DeadLetterFetcher.fetch(clients.reader(), chunk, pulse);
            fetchedTo = next + chunk.size();
        }
        int count = Math.min(pacer.due(), fetchedTo - next);
        if (count > 0) {
            send(found.letters().subList(next, next + count));
            next += count;
            pacer.sent(count);
            job = job.running(Instant.now(), counts(), job.checkpoint());
            log.show(job);
        }
        if (System.nanoTime() >= nextCheckpointNanos) {
            checkpoint();
        }
        return pacer.untilNext();
    }

    private void send(List<SelectedDeadLetter> letters) {
        List<SelectedDeadLetter> there = new ArrayList<>(letters);
        there.removeIf(letter -> !fetched.containsKey(letter));
        List<ProducerRecord<byte[], byte[]>> records = there.stream()
                .map(letter -> RedrivenRecord.of(fetched.get(letter), letter,
                        job.id(), targets.get(letter.origin().topic())))
                .toList();
        if (!clients.leader().isConfirmed()) {
            throw new RedriveAbandonedException();
        }
        List<RecordMetadata> outcomes = clients.sender().send(records);
        gone += letters.size() - there.size();
        for (int i = 0; i < outcomes.size(); i++) {
            note(there.get(i), outcomes.get(i));
        }
    }

    private void note(SelectedDeadLetter letter, RecordMetadata outcome) {
        if (outcome == null) {
            refused++;
            return;
        }
        sent.add(letter.partition(), letter.offset());
        if (outcome.hasOffset()) {
            scanFrom.merge(new TopicPartition(outcome.topic(), outcome.partition()), outcome.offset() + 1, Math::max);
        }
    }

    /** Writes the progress, so that another instance can resume. The larger the record, the longer the interval. */
    void checkpoint() {
        job = current();
        log.append(job);
        long bytes = job.checkpoint().sent().values().stream().mapToLong(String::length).sum();
        Duration forSize = Duration.ofMillis(bytes * 1000 / CHECKPOINT_BYTES_PER_SECOND);
        nextCheckpointNanos = System.nanoTime()
                + (forSize.compareTo(checkpointInterval) > 0 ? forSize : checkpointInterval).toNanos();
    }

    private RedriveJob current() {
        return job.running(Instant.now(), counts(), job.checkpoint().with(sent, scanFrom));
    }

    private RedriveCounts counts() {
        Map<String, Integer> skipped = new TreeMap<>(found.skipped());
        put(skipped, Skip.GONE, gone);
        put(skipped, Skip.REFUSED, refused);
        int selected = sent.size() + found.letters().size() - next + gone + refused;
        return new RedriveCounts(found.matching(), selected, sent.size(), skipped, found.parked());
    }

    private static void put(Map<String, Integer> skipped, Skip reason, int letters) {
        if (letters > 0) {
            skipped.put(reason.label(), letters);
        }
    }

    /** Stops the job on request; it can be resumed. */
    void stop() {
        job = (prepared ? current() : job).stopped();
        log.append(job);
    }

    /** Writes the progress on shutdown, so that this or another instance can resume. */
    void leave() {
        if (prepared) {
            checkpoint();
        }
    }

    /** Sets what the job waits for. */
    void waits(String sentence) {
        log.show(job.waiting(sentence));
    }
}
