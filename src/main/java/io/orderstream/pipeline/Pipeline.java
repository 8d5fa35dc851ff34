package io.orderstream.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.orderstream.commit.OffsetTracker;
import io.orderstream.commit.TotalsCommit;
import io.orderstream.commit.TrackedOffset;
import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.outage.OutageBreaker;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;

/**
 * Carries the records of one channel from the poll to their end: counted, or confirmed in the dead-letter topic.
 * <p>
 * Records of one key are handled in the order of their offsets, one at a time, retries included; records of different keys do
 * not wait for each other. At most {@code maxInFlight} are in work; beyond it, and while what the handler calls is down, no
 * batch is asked for, and the consumer pauses.
 * <p>
 * Everything here runs on the event loop of the channel, so nothing is locked; what completes on another thread hops back.
 *
 * @param <T> type of the decoded values
 */
public final class Pipeline<T> {

    private final TotalsCommit commits;
    private final int maxInFlight;
    private final OutageBreaker breaker;
    private final Steps<T> steps;
    private final PipelineMeters meters;
    private final RecordWork<T> work;
    private final KeyLanes<InFlightRecord<T>> lanes = new KeyLanes<>();
    private final Queue<InFlightRecord<T>> ready = new ArrayDeque<>();

    /** Where the records of a retry topic wait until they are due; null for any other topic. */
    private final DueQueue<T> waiting;

    private PolledBatch poll;
    private OffsetTracker lastProgress;
    private String lastTopic;
    private int lastPartition;
    private int inFlight;
    private long nowNanos;
    private boolean working;
    private CompletableFuture<Void> drained;

    /**
     * @param steps what is done with each record
     * @param retries how the attempts after the first are made
     * @param commits the commit strategy of the channel
     * @param meters what is measured
     * @param deadLetters writes what is given up
     * @param maxInFlight records in work at the same time
     */
    public Pipeline(Steps<T> steps, RetryPolicy retries, TotalsCommit commits, PipelineMeters meters,
            DeadLetterWriter deadLetters, int maxInFlight) {
        this(steps, retries, commits, meters, deadLetters, maxInFlight, false);
    }

    private Pipeline(Steps<T> steps, RetryPolicy retries, TotalsCommit commits, PipelineMeters meters,
            DeadLetterWriter deadLetters, int maxInFlight, boolean isRetryTopic) {
        this.commits = commits;
        this.maxInFlight = maxInFlight;
        this.breaker = steps.breaker();
        this.steps = steps;
        this.meters = meters;
        this.work = new RecordWork<>(steps, retries, commits, meters, deadLetters, this::done);
        this.waiting = !isRetryTopic ? null
                : new DueQueue<>(commits.getContext().getDelegate().owner(), ready::add, this::advance);
        breaker.onAdmission(() -> commits.runOnContext(this::advance));
    }

    /** The pipeline of a retry topic: each record is handled when it is due. {@code maxWaiting} are in work or wait at most. */
    public static <T> Pipeline<T> ofRetryTopic(Steps<T> steps, RetryPolicy retries, TotalsCommit commits,
            PipelineMeters meters, DeadLetterWriter deadLetters, int maxWaiting) {
        return new Pipeline<>(steps, retries, commits, meters, deadLetters, maxWaiting, true);
    }

    /**
     * Takes a batch into work. May be called on any thread.
     *
     * @param records the records of one poll
     * @return completes when the whole batch is in work or done, so that the next may come; never fails
     */
    public Uni<Void> process(KafkaRecordBatch<byte[], byte[]> records) {
        return Uni.createFrom().emitter(emitter -> commits.runOnContext(() -> {
            poll = new PolledBatch(records, emitter);
            advance();
        }));
    }

    /** Does all that can be done now. A call from within, when a record finishes at once, leaves it to the loop outside. */
    private void advance() {
        if (working) {
            return;
        }
        working = true;
        nowNanos = System.nanoTime();
        try {
            while (step()) {
                // one record a step: a long lane of quick records must not deepen the stack
            }
        } finally {
            working = false;
        }
        if (drained != null && work.running() == 0) {
            drained.complete(null);
        }
    }

    private boolean step() {
        if (drained != null) {
            return false;
        }
        InFlightRecord<T> next = ready.poll();
        if (next != null) {
            work.start(next);
            return true;
        }
        boolean isOut = breaker.isOut();
        boolean isRoom = poll != null && inFlight < maxInFlight;
        if (isOut && isRoom && waiting == null && poll.hasNext() && breaker.wantsNew()) {
            take(poll.next());
            return true;
        }
        if (work.resume()) {
            return true;
        }
        if (!isRoom) {
            return false;
        }
        if (!poll.hasNext()) {
            PolledBatch taken = poll;
            poll = null;
            taken.end(commits);
            return false;
        }
        // In an outage no more records are taken, unless none is left that could show that it is over. Those of a retry topic
        // have been taken before: they wait here as well as there.
        if (isOut && inFlight > 0 && waiting == null) {
            return false;
        }
        take(poll.next());
        return true;
    }

    private void take(IncomingKafkaRecord<byte[], byte[]> record) {
        OffsetTracker progress = progressOf(record);
        if (progress == null || !progress.accepts(record.getConsumerGroupGenerationId())) {
            return;
        }
        RetryHeaders retry = waiting == null ? null : RetryHeaders.read(record.getHeaders()).orElse(null);
        // The clocks are read anew, in this order: the batch may have begun a while ago, and no record may be early.
        long dueNanos = retry == null ? nowNanos : retry.wait(Instant.now()).toNanos() + System.nanoTime();
        TrackedOffset inWork = progress.received(record.getOffset(), dueNanos);
        if (inWork == null) {
            return;
        }
        InFlightRecord<T> taken = new InFlightRecord<>(record, progress, inWork, retry, steps.tracing());
        inFlight++;
        if (waiting != null) {
            waiting.add(taken, dueNanos);
            return;
        }
        meters.received();
        if (lanes.isEmpty()) {
            // The usual case: nobody is in anybody's way, and most records are done before the call returns.
            work.start(taken);
            if (!taken.isDone) {
                taken.lane = taken.laneKey(steps.lane());
                if (taken.lane != null) {
                    lanes.enter(taken.lane, taken);
                }
            }
            return;
        }
        taken.lane = taken.laneKey(steps.lane());
        if (taken.lane == null || lanes.enter(taken.lane, taken)) {
            work.start(taken);
        }
    }

    private OffsetTracker progressOf(IncomingKafkaRecord<byte[], byte[]> record) {
        if (lastProgress == null || lastProgress.isRevoked() || lastPartition != record.getPartition()
                || !lastTopic.equals(record.getTopic())) {
            lastTopic = record.getTopic();
            lastPartition = record.getPartition();
            lastProgress = commits.progress(lastTopic, lastPartition);
        }
        return lastProgress;
    }

    private void done(InFlightRecord<T> finished) {
        finished.isDone = true;
        inFlight--;
        if (finished.lane != null) {
            InFlightRecord<T> next = lanes.leave(finished.lane);
            if (next != null) {
                ready.add(next);
            }
        }
        advance();
    }

    /** Keys that have work now. */
    int lanes() {
        return lanes.size();
    }

    /** Why no progress is possible without a restart, or null if it is. May be called on any thread. */
    public String failure() {
        return work.failureToWrite();
    }

    /**
     * Stops taking records, waits for the handler calls and dead letters under way, and hands back the rest: they are not
     * committed, and whoever reads the partition next handles them. Blocks; must not be called on an event loop.
     *
     * @param timeout how long to wait
     */
    public void drain(Duration timeout) {
        CompletableFuture<Void> allDone = new CompletableFuture<>();
        commits.runOnContext(() -> {
            drained = allDone;
            if (waiting != null) {
                waiting.stop();
            }
            work.stop();
            advance();
        });
        try {
            allDone.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            commits.runOnContext(work::abandon);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("drain cannot fail", e);
        }
    }
}
