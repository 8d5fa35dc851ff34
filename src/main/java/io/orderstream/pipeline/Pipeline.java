package io.orderstream.pipeline;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

import io.orderstream.activity.Activity;
import io.orderstream.commit.OffsetTracker;
import io.orderstream.commit.TotalsCommit;
import io.orderstream.commit.TrackedOffset;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;

/**
 * Carries the records of one channel from the poll to their end: counted, or confirmed in the dead-letter topic.
 * <p>
 * Records of one key are handled in the order of their offsets, one at a time, retries included; records of different keys do
 * not wait for each other. At most {@code maxInFlight} are in work, and {@code maxWaiting} more wait for a retry. Beyond
 * either, and while what the handler calls is down, no batch is asked for, and the consumer pauses.
 * <p>
 * Everything here runs on the event loop of the channel, so nothing is locked; what completes on another thread hops back.
 *
 * @param <T> type of the decoded values
 */
final class Pipeline<T> implements RecordWork.Owner<T> {

    private static final Logger LOG = Logger.getLogger(Pipeline.class);
    private static final long STEP_AGAIN_MILLIS = 1_000;

    private final TotalsCommit commits;
    private final int maxInFlight;
    private final int maxWaiting;
    private final PipelineParts<T> parts;
    private final RecordWork<T> work;
    private final KeyLanes<InFlightRecord<T>> lanes = new KeyLanes<>();
    /** Records whose turn in their lane it is, and whose retry is due. */
    private final Queue<InFlightRecord<T>> ready = new ArrayDeque<>();

    /** Where the records of a retry topic wait until they are due; null for any other topic. */
    private final DueQueue<T> waiting;

    private final Runnable waker = this::wake;

    private PolledBatch poll;
    private OffsetTracker lastProgress;
    private String lastTopic;
    private int lastPartition;
    private int inFlight;
    private long nowNanos;
    private boolean working;
    private boolean isAdvancing;
    private CompletableFuture<Void> drained;

    /**
     * @param parts what the channel shares with others of its pipeline
     * @param commits the commit strategy of the channel
     * @param maxInFlight records in work at the same time, and calls of the handler
     * @param maxWaiting records that wait for a retry at the same time
     * @param isRetryTopic whether each record is handled only when it is due
     */
    Pipeline(PipelineParts<T> parts, TotalsCommit commits, int maxInFlight, int maxWaiting, boolean isRetryTopic) {
        this.parts = parts;
        this.commits = commits;
        this.maxInFlight = maxInFlight;
        this.maxWaiting = maxWaiting;
        this.work = new RecordWork<>(parts, commits, waker, this);
        this.waiting = !isRetryTopic ? null
                : new DueQueue<>(commits.getContext().getDelegate().owner(), ready::add, this::advance);
        parts.breaker().onAdmission(waker);
        commits.onRevoked(this::advance);
    }

    /**
     * Takes a batch into work. May be called on any thread.
     *
     * @param records the records of one poll
     * @return completes when the whole batch is in work or done, so that the next may come; never fails
     */
    Uni<Void> process(KafkaRecordBatch<byte[], byte[]> records) {
        return Uni.createFrom().emitter(emitter -> commits.runOnContext(() -> {
            poll = new PolledBatch(records, emitter);
            advance();
        }));
    }

    /** A step that has failed is no record's: it is made again, and the batch is not given up. */
    private void failed(Throwable failure) {
        LOG.errorf(failure, "step failed, made again after %d ms", STEP_AGAIN_MILLIS);
        commits.getContext().getDelegate().owner().setTimer(STEP_AGAIN_MILLIS, id -> advance());
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
        } catch (Throwable e) {
            failed(e);
        } finally {
            working = false;
        }
        if (parts.breaker().isOpen()) {
            // In the retry topic is only what was in the topic first, so its partitions alone keep no outage up.
            parts.breaker().noteOccupied(waker, inFlight > 0 || waiting == null && commits.hasPartitions());
            parts.breaker().passOn(waker);
        }
        if (drained != null && work.running() == 0) {
            drained.complete(null);
        }
    }

    private void wake() {
        commits.runOnContext(this::advance);
    }

    private boolean step() {
        if (drained != null) {
            return false;
        }
        // Retries fall due, and outages end, whether there is room or not.
        boolean mayCall = work.calls() < maxInFlight;
        if (mayCall && !ready.isEmpty()) {
            work.start(ready.remove());
            return true;
        }
        boolean isOutage = parts.breaker().isOpen();
        boolean isRoom = poll != null && hasRoom();
        if (isOutage && isRoom && waiting == null && poll.hasNext() && parts.breaker().wantsNew(waker)) {
            takeNext();
            return true;
        }
        return mayCall && work.resume() || isRoom && takeOrEnd(isOutage);
    }

    private boolean takeOrEnd(boolean isOutage) {
        if (!poll.hasNext()) {
            PolledBatch taken = poll;
            poll = null;
            taken.end(commits);
            return false;
        }
        // In an outage no more records are taken, unless none is left that could show that it is over. Those of a retry topic
        // have been taken before: they wait here as well as there.
        if (isOutage && inFlight > 0 && waiting == null) {
            return false;
        }
        takeNext();
        return true;
    }

    /** One that waits for its retry keeps nobody from working, only the later records of its lane. */
    private boolean hasRoom() {
        int waits = waitingForRetry();
        return inFlight - waits < maxInFlight && waits < maxWaiting;
    }

    private int waitingForRetry() {
        return work.activity().retrying() + (waiting == null ? 0 : waiting.size());
    }

    /** A record that could not be taken into work is the next one still. */
    private void takeNext() {
        take(poll.peek(), poll.message());
        poll.remove();
    }

    private void take(ConsumerRecord<byte[], byte[]> record, IncomingKafkaRecord<byte[], byte[]> message) {
        OffsetTracker progress = progressOf(record);
        if (progress == null || !progress.accepts(message.getConsumerGroupGenerationId())) {
            return;
        }
        RetryHeaders retry = waiting == null ? null : RetryHeaders.read(record.headers()).orElse(null);
        // The clocks are read anew, in this order: the batch may have begun a while ago, and no record may be early.
        long dueNanos = retry == null ? nowNanos : retry.wait(Instant.now()).toNanos() + System.nanoTime();
        TrackedOffset inWork = progress.received(record.offset(), dueNanos);
        if (inWork == null) {
            return;
        }
        // From here on the record is in work, and nothing throws: what is thrown for it is its dead letter.
        InFlightRecord<T> taken = new InFlightRecord<>(record, message, progress, inWork, retry, parts.tracing());
        inFlight++;
        if (waiting != null) {
            waiting.add(taken, dueNanos);
            return;
        }
        parts.meters().received();
        work.read(taken);
        if (lanes.isEmpty()) {
            // The usual case: nobody is in anybody's way, and most records are done before the call returns.
            work.start(taken);
            if (!taken.isDone() && taken.lane() == null) {
                enter(taken);
            }
        } else if (enter(taken)) {
            work.start(taken);
        }
    }

    /** @return whether the record is to be worked on now, and does not wait for its turn */
    private boolean enter(InFlightRecord<T> record) {
        record.entered(record.laneKey());
        return record.lane() == null || lanes.enter(record.lane(), record);
    }

    /** It leaves the lane of its key for that of its value. */
    @Override
    public boolean changeLane(InFlightRecord<T> record) {
        LaneKey before = record.lane();
        if (waiting != null || before != null && before.equals(record.laneKey())) {
            return true;
        }
        boolean isItsTurn = enter(record);
        leave(before);
        return isItsTurn;
    }

    private void leave(LaneKey lane) {
        InFlightRecord<T> next = lane == null ? null : lanes.leave(lane);
        if (next != null) {
            ready.add(next);
        }
    }

    private OffsetTracker progressOf(ConsumerRecord<byte[], byte[]> record) {
        if (lastProgress == null || lastProgress.isRevoked() || lastPartition != record.partition()
                || !lastTopic.equals(record.topic())) {
            lastTopic = record.topic();
            lastPartition = record.partition();
            lastProgress = commits.progress(lastTopic, lastPartition);
        }
        return lastProgress;
    }

    @Override
    public void retryIsDue(InFlightRecord<T> record) {
        ready.add(record);
    }

    @Override
    public void done(InFlightRecord<T> finished) {
        finished.done();
        inFlight--;
        leave(finished.lane());
        advanceSoon();
    }

    /** Goes on, but not from within: the next call would be made deep in the stack of the one that has ended. */
    @Override
    public void advanceSoon() {
        if (!working && !isAdvancing) {
            isAdvancing = true;
            commits.getContext().getDelegate().runOnContext(now -> {
                isAdvancing = false;
                advance();
            });
        }
    }

    /** Keys that have work now. */
    int lanes() {
        return lanes.size();
    }

    /** What is done now, and was done lately. */
    Activity activity() {
        return work.activity().look(lanes, waiting == null ? 0 : waiting.size());
    }

    /**
     * Stops taking records and making attempts. What is not under way is handed back: it is not committed, and whoever reads
     * the partition next handles it. May be called on any thread.
     *
     * @return completes when the handler calls and dead letters under way have ended
     */
    CompletableFuture<Void> drain() {
        CompletableFuture<Void> allDone = new CompletableFuture<>();
        commits.runOnContext(() -> {
            drained = allDone;
            if (waiting != null) {
                waiting.stop();
            }
            work.stop();
            advance();
        });
        return allDone;
    }

    /** Writes no outcome from now on, though calls of the handler are still under way. May be called on any thread. */
    void abandon() {
        commits.runOnContext(work::abandon);
    }
}
