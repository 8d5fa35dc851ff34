package io.orderstream.pipeline;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import io.orderstream.activity.Lane;
import io.orderstream.commit.RetryForward;
import io.orderstream.commit.TotalsCommit;
import io.orderstream.deadletter.DeadLetterKind;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.record.UndecodableException;
import io.orderstream.totals.CountKey;
import io.orderstream.trace.RecordTrace;

/**
 * Decides the way of each record: when it is decoded, when an attempt is made, and at its end whether it is counted,
 * dead-lettered, forwarded to the retry topic or handed back. In an outage no attempt is made: records wait for its end, and
 * have all their attempts again.
 * <p>
 * Runs on the event loop of the channel. Handlers and retries complete on any thread; what follows hops back.
 *
 * @param <T> type of the decoded values
 */
final class RecordWork<T> {

    /** A decoder that has fetched what it needs may find that it needs more, but not for ever. */
    private static final int MOST_FETCHES = 10;

    private final PipelineParts<T> parts;
    private final RecordReader<T> reader;
    private final Attempts<T> attempts;
    private final RetryPolicy policy;
    private final OutageBreaker breaker;
    private final Runnable waker;
    private final TotalsCommit commits;
    private final Executor eventLoop;
    private final RecordLog<T> log;
    private final ChannelActivity<T> activity;
    private final Owner<T> owner;
    private final DecoderWait decoderWait;
    /** Records that wait until they can be decoded, in the order in which they were taken. */
    private final Set<InFlightRecord<T>> undecoded = new LinkedHashSet<>();
    /** Records that wait for the end of an outage, or for their turn after it. */
    private final Queue<InFlightRecord<T>> waiting = new ArrayDeque<>();

    private int deadLetters;
    private volatile boolean stopping;
    private boolean abandoned;

    /** What starts the records, and says when: it is told of all that may let another one go on. */
    interface Owner<T> {

        /** A record that had to wait to be decoded belongs in another lane now. @return whether it is its turn there */
        boolean changeLane(InFlightRecord<T> record);

        /** The backoff of a record has ended: it is to be started once more as soon as a call of the handler may be made. */
        void retryIsDue(InFlightRecord<T> record);

        /** What a record waits for has changed, or a call has ended: another one may be able to go on. */
        void advanceSoon();

        /** The record is at its end. */
        void done(InFlightRecord<T> record);
    }

    /**
     * @param commits the commit strategy of the channel
     * @param waker of the channel, for the breaker
     */
    RecordWork(PipelineParts<T> parts, TotalsCommit commits, Runnable waker, Owner<T> owner) {
        this.parts = parts;
        this.commits = commits;
        this.eventLoop = commits::runOnContext;
        this.log = new RecordLog<>(parts.definition(), parts.meters().totals());
        this.reader = new RecordReader<>(parts.definition());
        this.attempts = new Attempts<>(parts, eventLoop, log, this::decide);
        this.policy = parts.retries();
        this.activity = new ChannelActivity<>(policy, log);
        this.breaker = parts.breaker();
        this.waker = waker;
        this.owner = owner;
        this.decoderWait = new DecoderWait(eventLoop, breaker.outages(), parts.standstill());
    }

    /** Decodes a record, if everything that takes is in memory. */
    void read(InFlightRecord<T> record) {
        reader.read(record);
    }

    /** Starts on a record, or makes its retry that is due. It may be at its end before this returns. Throws nothing. */
    void start(InFlightRecord<T> record) {
        try {
            if (record.isRetrying()) {
                retry(record);
            } else {
                startOrWait(record);
            }
        } catch (Throwable e) {
            broken(record, e);
        }
    }

    private void startOrWait(InFlightRecord<T> record) {
        if (isHandedBack(record)) {
            handBack(record);
            return;
        }
        if (!record.isRead() && !readLate(record)) {
            return;
        }
        if (record.invalid() != null) {
            deadLetter(record, record.isUndecodable() ? DeadLetterKind.UNDECODABLE : DeadLetterKind.POISON, record.invalid());
        } else if (record.isDecoded() && record.isRejected()) {
            deadLetter(record, DeadLetterKind.POISON, record.lastFailure());
        } else if (record.isDecoded()) {
            begin(record);
        } else {
            undecoded.add(record);
            decoderWait.load(reader.decoder(), record.record.value(), () -> isHandedBack(record),
                    failure -> loaded(record, failure));
        }
    }

    /** Fetches end in any order: records that can be decoded by now go on in the order in which they were taken. */
    private void loaded(InFlightRecord<T> record, Throwable failure) {
        if (!undecoded.contains(record)) {
            return;
        }
        if (failure == null) {
            List.copyOf(undecoded).forEach(this::goOnIfReadable);
            if (undecoded.contains(record) && record.fetched() == MOST_FETCHES) {
                record.invalid(new UndecodableException(
                        "the decoder gives no value, though it has fetched what it needs " + MOST_FETCHES + " times"));
            }
        } else if (failure instanceof UndecodableException) {
            record.invalid(failure);
        }
        if (undecoded.remove(record)) {
            start(record);
        }
    }

    private void goOnIfReadable(InFlightRecord<T> record) {
        // One that has gone on before may have taken this one along.
        if (!undecoded.contains(record)) {
            return;
        }
        try {
            boolean isItsTurn = readLate(record);
            if (record.isRead() && undecoded.remove(record) && isItsTurn) {
                start(record);
            }
        } catch (Throwable e) {
            broken(record, e);
        }
    }

    /** @return false if the record, now that its value is known, has to wait for others */
    private boolean readLate(InFlightRecord<T> record) {
        reader.read(record);
        return !record.isDecoded() || owner.changeLane(record);
    }

    /** Makes the next attempt of a record now, or when there is no outage any more. */
    private void begin(InFlightRecord<T> record) {
        if (record.attempt() > 0 && breaker.wasOpenSince(record.failedAtNanos())) {
            record.resetAttempts();
        }
        if (isNext(record) && isAdmitted(record)) {
            attempts.make(record);
        } else {
            pause(record);
        }
    }

    private void pause(InFlightRecord<T> record) {
        record.waitsFor(Lane.State.PAUSED);
        waiting.add(record);
    }

    /** In an outage, a record that has not failed shows best that it is over. */
    private boolean isNext(InFlightRecord<T> record) {
        return waiting.isEmpty() || record.attempt() == 0 && breaker.isOpen();
    }

    private boolean isAdmitted(InFlightRecord<T> record) {
        record.admitted(breaker.admit(waker));
        return record.ticket() != null;
    }

    /** Goes on with a record that has waited for the end of an outage. False if none waits, or none may go on yet. */
    boolean resume() {
        InFlightRecord<T> next = waiting.peek();
        if (next == null) {
            return false;
        }
        if (isHandedBack(next)) {
            handBack(waiting.remove());
            return true;
        }
        if (!isAdmitted(next)) {
            return false;
        }
        waiting.remove();
        next.resetAttempts();
        attempt(next);
        return true;
    }

    private void attempt(InFlightRecord<T> record) {
        try {
            attempts.make(record);
        } catch (Throwable e) {
            broken(record, e);
        }
    }

    private void decide(InFlightRecord<T> record, AttemptOutcome outcome) {
        try {
            switch (outcome) {
                case SUCCEEDED -> processed(record);
                case FAILED -> failed(record);
                case VOID -> again(record);
                case RETRY_DUE -> owner.retryIsDue(record);
                case RETRIES_EXHAUSTED -> giveUp(record);
            }
        } catch (Throwable e) {
            broken(record, e);
        }
        owner.advanceSoon();
    }

    /** The last resort: what a step of a record throws makes that record a dead letter, and stops no other. */
    private void broken(InFlightRecord<T> record, Throwable failure) {
        undecoded.remove(record);
        waiting.remove(record);
        activity.goesOn(record);
        log.broken(record, failure);
        if (isHandedBack(record)) {
            handBack(record);
        } else {
            deadLetter(record, DeadLetterKind.POISON, failure);
        }
    }

    private void failed(InFlightRecord<T> record) {
        if (record.isRejected() && !abandoned && !record.tracker.isRevoked()) {
            deadLetter(record, DeadLetterKind.POISON, record.lastFailure());
        } else if (policy.isUsedUp(record) || isHandedBack(record)) {
            giveUp(record);
        } else if (record.retrySession() != null) {
            backOff(record);
        } else if (breaker.isOpen()) {
            startAnew(record);
        } else if (policy.isByTopic()) {
            forward(record);
        } else {
            backOff(record);
        }
    }

    private void backOff(InFlightRecord<T> record) {
        activity.waitsForRetry(record);
        attempts.backOff(record);
    }

    /** The retries under way, if there are any, wait for the attempt that is made instead. */
    private void again(InFlightRecord<T> record) {
        record.attemptIsVoid();
        if (isHandedBack(record)) {
            handBack(record);
        } else if (isAdmitted(record)) {
            attempts.make(record);
        } else {
            pause(record);
        }
    }

    private void retry(InFlightRecord<T> record) {
        activity.goesOn(record);
        if (isHandedBack(record) || breaker.wasOpenSince(record.failedAtNanos()) || !isAdmitted(record)) {
            startAnew(record);
        } else {
            attempts.make(record);
        }
    }

    private void giveUp(InFlightRecord<T> record) {
        activity.goesOn(record);
        if (isHandedBack(record)) {
            handBack(record);
        } else if (breaker.isOutage(record.lastFailure())) {
            startAnew(record);
        } else {
            deadLetter(record, DeadLetterKind.EXHAUSTED, record.lastFailure());
        }
    }

    /** Begins anew with a record whose failures are the outage's. */
    private void startAnew(InFlightRecord<T> record) {
        if (isHandedBack(record)) {
            handBack(record);
            return;
        }
        record.resetAttempts();
        begin(record);
    }

    private void processed(InFlightRecord<T> record) {
        if (!record.ends()) {
            return;
        }
        record.tracker.processed(record.tracked, record.amount());
        parts.meters().processed(record.timestampMillis());
        record.trace.ended(RecordTrace.Outcome.PROCESSED, null);
        log.processed(record);
        activity.processed(record);
        owner.done(record);
    }

    private void forward(InFlightRecord<T> record) {
        activity.waitsForRetry(record);
        commits.move(new RetryForward(record.source(), record.tracker, record.tracked,
                policy.again(record, Instant.now()), (end, refusal) -> forwarded(record, end, refusal)));
    }

    private void forwarded(InFlightRecord<T> record, RetryForward.End end, Throwable refusal) {
        try {
            switch (end) {
                case MADE -> moved(record);
                case LEFT -> handBack(record);
                case REFUSED -> {
                    log.notMoved(record, refusal);
                    backOff(record);
                }
            }
        } catch (Throwable e) {
            broken(record, e);
        }
    }

    private void moved(InFlightRecord<T> record) {
        if (record.ends()) {
            activity.goesOn(record);
            record.trace.ended(RecordTrace.Outcome.MOVED, null);
            owner.done(record);
        }
    }

    private void deadLetter(InFlightRecord<T> record, DeadLetterKind kind, Throwable reason) {
        if (!record.ends()) {
            return;
        }
        deadLetters++;
        record.tracker.callBegins();
        written(record, kind, reason)
                .whenComplete((written, failure) -> eventLoop.execute(() -> {
                    deadLetters--;
                    if (failure == null) {
                        deadLettered(record, kind, reason);
                    } else {
                        // Refused until the record was no longer ours: it is neither counted nor gone.
                        handedBack(record);
                    }
                    record.tracker.callEnds();
                }));
    }

    private void deadLettered(InFlightRecord<T> record, DeadLetterKind kind, Throwable reason) {
        if (!record.isDecoded()) {
            record.tracked.named(keys(record, reason));
        }
        record.tracker.deadLettered(record.tracked);
        parts.meters().deadLettered(kind, record.timestampMillis());
        record.trace.ended(RecordTrace.Outcome.DEAD_LETTERED, reason);
        log.deadLettered(record, kind, reason);
        activity.deadLettered(record, reason);
        owner.done(record);
    }

    private CompletionStage<Void> written(InFlightRecord<T> record, DeadLetterKind kind, Throwable reason) {
        try {
            record.trace.addTo(record.headers());
            return parts.deadLetters().write(record.message(), record.timestamp(), kind, record.attempt(), reason,
                    () -> !isHandedBack(record));
        } catch (Throwable e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** The dead letter is written: that it cannot be counted by key must not keep it from being counted. */
    private List<CountKey> keys(InFlightRecord<T> record, Throwable reason) {
        try {
            return reader.keysOfUndecoded(reason);
        } catch (Throwable e) {
            log.broken(record, e);
            return List.of();
        }
    }

    private void handBack(InFlightRecord<T> record) {
        if (record.ends()) {
            handedBack(record);
        }
    }

    private void handedBack(InFlightRecord<T> record) {
        record.handedBack();
        activity.handedBack(record);
        record.trace.ended(RecordTrace.Outcome.HANDED_BACK, null);
        owner.done(record);
    }

    /** True if no attempt may begin: the partition is someone else's, or will be at once, or the application stops. */
    private boolean isHandedBack(InFlightRecord<T> record) {
        return stopping || record.tracker.isLeaving();
    }

    /** What the records do, for those who look at it. */
    ChannelActivity<T> activity() {
        return activity;
    }

    /** Handler calls under way. */
    int calls() {
        return attempts.running();
    }

    /** Handler calls and dead letters under way. */
    int running() {
        return attempts.running() + deadLetters;
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
