package io.orderstream.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import io.orderstream.commit.RetryForward;
import io.orderstream.commit.TotalsCommit;
import io.orderstream.deadletter.DeadLetterKind;
import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.record.PoisonException;
import io.orderstream.record.UndecodableException;
import io.orderstream.support.Failures;
import io.orderstream.totals.CountKey;
import io.orderstream.trace.RecordTrace;

/**
 * The way of one record: decode, first attempt, retries, and at its end counted, dead-lettered or handed back.
 * <p>
 * Runs on the event loop of the channel. Handlers and retries complete on any thread; what follows hops back.
 *
 * @param <T> type of the decoded values
 */
final class RecordWork<T> implements Attempts.Outcome<T> {

    private final Steps<T> steps;
    private final Attempts<T> attempts;
    private final RetryPolicy policy;
    private final TotalsCommit commits;
    private final PipelineMeters meters;
    private final RecordLog<T> log;
    private final DeadLetterWriter deadLetters;
    private final Consumer<InFlightRecord<T>> done;
    private final DecoderWait decoderWait;

    private int letters;
    private volatile boolean stopping;
    private boolean abandoned;
    private volatile String failureToWrite;

    RecordWork(Steps<T> steps, RetryPolicy policy, TotalsCommit commits, PipelineMeters meters, DeadLetterWriter deadLetters,
            Consumer<InFlightRecord<T>> done) {
        this.steps = steps;
        this.meters = meters;
        this.log = new RecordLog<>(steps, meters.totals());
        this.attempts = new Attempts<>(steps, policy, commits, meters, log, this);
        this.policy = policy;
        this.commits = commits;
        this.deadLetters = deadLetters;
        this.done = done;
        this.decoderWait = new DecoderWait(commits, steps.breaker().outages());
    }

    /** Starts on a record; {@code done} is called when it is at its end, possibly before this returns. */
    void start(InFlightRecord<T> record) {
        if (isHandedBack(record)) {
            handBack(record);
            return;
        }
        byte[] bytes = record.record.getPayload();
        if (bytes == null) {
            deadLetter(record, DeadLetterKind.UNDECODABLE, new UndecodableException("the value is null (a tombstone)"));
            return;
        }
        try {
            record.value = steps.decoder().tryDecode(bytes);
        } catch (UndecodableException e) {
            deadLetter(record, DeadLetterKind.UNDECODABLE, e);
            return;
        }
        if (record.value == null) {
            decoderWait.load(steps.decoder(), bytes, () -> isHandedBack(record), failure -> loaded(record, failure));
        } else {
            firstAttempt(record);
        }
    }

    private void loaded(InFlightRecord<T> record, Throwable failure) {
        if (failure instanceof UndecodableException && !isHandedBack(record)) {
            deadLetter(record, DeadLetterKind.UNDECODABLE, failure);
        } else {
            start(record);
        }
    }

    private void firstAttempt(InFlightRecord<T> record) {
        try {
            record.amount = steps.amount().applyAsLong(record.value);
        } catch (RuntimeException e) {
            deadLetter(record, DeadLetterKind.POISON, e);
            return;
        }
        attempts.start(record);
    }

    @Override
    public void succeeded(InFlightRecord<T> record) {
        record.inWork.named(steps.names().apply(record.value));
        record.progress.processed(record.inWork, record.amount);
        meters.processed(record.timestamp());
        record.trace.ended(RecordTrace.Outcome.PROCESSED, null);
        log.processed(record);
        done.accept(record);
    }

    @Override
    public void gaveUp(InFlightRecord<T> record, Throwable failure) {
        if (failure instanceof PoisonException && !abandoned && !record.progress.isRevoked()) {
            deadLetter(record, DeadLetterKind.POISON, failure);
        } else if (isHandedBack(record)) {
            handBack(record);
        } else if (steps.breaker().excuses(failure)) {
            attempts.startAnew(record);
        } else {
            deadLetter(record, DeadLetterKind.EXHAUSTED, failure);
        }
    }

    /** {@link Attempts#resume}. */
    boolean resume() {
        return attempts.resume();
    }

    @Override
    public void postponed(InFlightRecord<T> record) {
        TopicPartition from = new TopicPartition(record.record.getTopic(), record.record.getPartition());
        ProducerRecord<byte[], byte[]> again = policy.again(record, Instant.now());
        commits.move(new RetryForward(from, record.progress, record.inWork, again, (end, refusal) -> {
            switch (end) {
                case MADE -> {
                    record.trace.ended(RecordTrace.Outcome.MOVED, null);
                    done.accept(record);
                }
                case LEFT -> handBack(record);
                case REFUSED -> {
                    log.notMoved(record, refusal);
                    attempts.retryInPlace(record);
                }
            }
        }));
    }

    private void deadLetter(InFlightRecord<T> record, DeadLetterKind kind, Throwable reason) {
        letters++;
        record.trace.addTo(record.record.getHeaders());
        deadLetters.write(record.record, record.timestamp(), kind, record.attempt, reason)
                .whenComplete((written, failure) -> commits.runOnContext(() -> {
                    letters--;
                    if (failure != null) {
                        stuck(record, kind, failure);
                        return;
                    }
                    record.inWork.named(names(record, reason));
                    record.progress.deadLettered(record.inWork);
                    meters.deadLettered(kind, record.timestamp());
                    record.trace.ended(RecordTrace.Outcome.DEAD_LETTERED, reason);
                    log.deadLettered(record, kind, reason);
                    done.accept(record);
                }));
    }

    private void handBack(InFlightRecord<T> record) {
        record.trace.ended(RecordTrace.Outcome.HANDED_BACK, null);
        done.accept(record);
    }

    private List<CountKey> names(InFlightRecord<T> record, Throwable reason) {
        return reason instanceof UndecodableException undecodable && !undecodable.names().isEmpty() ? undecodable.names()
                : steps.names().apply(record.value);
    }

    /** The record is neither counted nor gone: its partition's offset stays, and it is read again after a restart. */
    private void stuck(InFlightRecord<T> record, DeadLetterKind kind, Throwable failure) {
        failureToWrite = "dead letter of " + record.id() + " not written: " + Failures.message(failure);
        record.trace.ended(RecordTrace.Outcome.STUCK, failure);
        log.stuck(record, kind, failure);
    }

    /** True if the outcome is not ours to write: the partition is someone else's, or the application stops. */
    @Override
    public boolean isHandedBack(InFlightRecord<T> record) {
        return stopping || record.progress.isRevoked();
    }

    /** Handler calls and dead letters under way. */
    int running() {
        return attempts.running() + letters;
    }

    /** Why no progress is possible without a restart, or null. May be called on any thread. */
    String failureToWrite() {
        return failureToWrite;
    }

    /** From now on no attempt is started. */
    void stop() {
        stopping = true;
    }

    /** From now on no outcome is written either: what the handlers call may be closed already. */
    void abandon() {
        abandoned = true;
    }
}
