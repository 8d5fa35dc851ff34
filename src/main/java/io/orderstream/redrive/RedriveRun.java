package io.orderstream.redrive;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.OriginMap;
import io.orderstream.kafka.TopicEnds;
import io.orderstream.support.Failures;

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
    private Map<String, String> targetIds;
    private Map<String, Integer> targets;
    private Selection.Result found;
    private int next;
    private int fetchedTo;
    private Map<SelectedDeadLetter, ConsumerRecord<byte[], byte[]>> fetched;
    private int selected;
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

    /**
     * Prepares the job, or sends the dead letters that are due.
     *
     * @param pulse called several times a second; ends the step by throwing
     * @return time until the next step has something to do
     * @throws KafkaException if a request fails; the next step determines what was sent
     */
    Duration step(Runnable pulse) {
        boolean isNext = prepared;
        // The outcome of an interrupted step is unknown: prepare again.
        prepared = false;
        Duration wait = isNext ? sendDue(pulse) : prepare(pulse);
        prepared = true;
        return wait;
    }

    private Duration prepare(Runnable pulse) {
        sent = SentDeadLetters.read(job.checkpoint().sent());
        TopicEnds before = job.checkpoint().targets();
        TopicEnds scanned = clients.reader().ends(DeadLetterScan.topics(before.offsets().keySet()));
        OriginMap<Boolean> landed = scan.landed(clients.reader(), job.id(), before, scanned, pulse);
        targets = scan.targets(clients.reader());
        found = scan.select(clients.reader(), job.request(), job.checkpoint().deadLetterTopics(),
                (letter, topicId) -> log.isSentByOther(job.id(), letter, topicId), sent, landed, pulse);
        TopicEnds now = clients.reader()
                .ends(found.letters().stream().map(letter -> letter.origin().topic()).collect(Collectors.toSet()));
        scanFrom = new HashMap<>(now.offsets());
        scanFrom.putAll(scanned.offsets());
        targetIds = new HashMap<>(now.topicIds());
        targetIds.putAll(scanned.topicIds());
        next = 0;
        fetchedTo = 0;
        selected = sent.size() + found.letters().size();
        if (!clients.leader().isConfirmed()) {
            throw new CancellationException("the run is to end");
        }
        // Record where sent dead letters would be found before the first is sent.
        checkpoint();
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
            List<SelectedDeadLetter> chunk = DeadLetterScan.chunk(found.letters().subList(next, found.letters().size()));
            fetched = DeadLetterScan.fetch(clients.reader(), chunk, pulse);
            fetchedTo = next + chunk.size();
        }
        int count = together(found.letters().subList(next, next + Math.min(pacer.due(), fetchedTo - next)));
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

    /** How many of these are sent together: one that is kept on disk may be large, and is sent alone. */
    private int together(List<SelectedDeadLetter> due) {
        int count = 0;
        while (count < due.size() && !isKept(due.get(count))) {
            count++;
        }
        return Math.max(count, Math.min(1, due.size()));
    }

    private boolean isKept(SelectedDeadLetter letter) {
        ConsumerRecord<byte[], byte[]> record = fetched.get(letter);
        return record != null && DeadLetter.of(record).kept() != null;
    }

    private void send(List<SelectedDeadLetter> letters) {
        Map<SelectedDeadLetter, ConsumerRecord<byte[], byte[]>> whole = new HashMap<>();
        letters.stream().filter(letter -> fetched.containsKey(letter) && letter.isStill(fetched.get(letter))).forEach(
                letter -> scan.kept().whole(fetched.get(letter)).ifPresent(record -> whole.put(letter, record)));
        List<SelectedDeadLetter> there = letters.stream().filter(whole::containsKey).toList();
        List<ProducerRecord<byte[], byte[]>> records = there.stream().map(
                letter -> letter.redriven(whole.get(letter), job.id(), targets.get(letter.origin().topic()))).toList();
        if (!clients.leader().isConfirmed()) {
            throw new CancellationException("the run is to end");
        }
        List<RedriveSender.Outcome> outcomes = clients.sender().send(records);
        letters.stream().filter(letter -> !whole.containsKey(letter)).forEach(this::leaveOutMissing);
        for (int i = 0; i < outcomes.size(); i++) {
            note(there.get(i), outcomes.get(i));
        }
    }

    private void note(SelectedDeadLetter letter, RedriveSender.Outcome outcome) {
        if (outcome.refusal() != null) {
            leaveOut(letter, outcome.isTooLarge() ? RedriveCounts.TOO_LARGE : RedriveCounts.REFUSED,
                    Failures.message(outcome.refusal()));
            return;
        }
        sent.add(letter.partition(), letter.offset());
        RecordMetadata at = outcome.at();
        if (at.hasOffset()) {
            scanFrom.merge(new TopicPartition(at.topic(), at.partition()), at.offset() + 1, Math::max);
        }
    }

    private void leaveOutMissing(SelectedDeadLetter letter) {
        ConsumerRecord<byte[], byte[]> record = fetched.get(letter);
        leaveOut(letter, record == null ? RedriveCounts.GONE
                : letter.isStill(record) ? RedriveCounts.NOT_HERE : RedriveCounts.CHANGED, null);
    }

    /** Records that a selected dead letter is not sent, see {@link LeftOut#add}. */
    private void leaveOut(SelectedDeadLetter letter, String reason, String detail) {
        found.leftOut().add(letter.coordinates(), reason, detail);
    }

    /** Writes the progress, so that another instance can resume. The larger the record, the longer the interval. */
    void checkpoint() {
        job = current();
        log.append(job);
        long bytes = job.checkpoint().sent().values().stream().mapToLong(String::length).sum();
        long millis = Math.max(checkpointInterval.toMillis(), bytes * 1000 / CHECKPOINT_BYTES_PER_SECOND);
        nextCheckpointNanos = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    }

    private RedriveJob current() {
        return job.running(Instant.now(), counts(),
                job.checkpoint().with(sent, new TopicEnds(scanFrom, targetIds)));
    }

    private RedriveCounts counts() {
        return new RedriveCounts(found.matching(), selected, sent.size(), found.leftOut().counts(), found.parked(),
                found.leftOut().listed());
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
