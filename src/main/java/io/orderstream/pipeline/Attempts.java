package io.orderstream.pipeline;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.orderstream.outage.OutageBreaker;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.mutiny.subscription.UniSubscription;

/**
 * Performs the attempts of records, and the backoff between two of them. What follows from an outcome is decided by
 * {@link RecordWork}.
 * <p>
 * Runs on the event loop of the channel. Handlers and retries complete on any thread; what follows hops back.
 *
 * @param <T> type of the decoded values
 */
final class Attempts<T> {

    private final PipelineParts<T> parts;
    private final Executor eventLoop;
    private final RecordLog<T> log;
    private final BiConsumer<InFlightRecord<T>, AttemptOutcome> decide;
    /** Made once, and not for each record. */
    private final Function<InFlightRecord<T>, Uni<Void>> handler = this::answerOf;
    private int running;

    /** @param decide told of each outcome, on the event loop */
    Attempts(PipelineParts<T> parts, Executor eventLoop, RecordLog<T> log,
            BiConsumer<InFlightRecord<T>, AttemptOutcome> decide) {
        this.parts = parts;
        this.eventLoop = eventLoop;
        this.log = log;
        this.decide = decide;
    }

    /** Calls the handler: the record has been admitted. */
    void make(InFlightRecord<T> record) {
        if (record.attempt() > 0) {
            parts.meters().retried(record.attempt() + 1);
            log.retried(record);
        }
        record.attempts();
        running++;
        record.tracker.callBegins();
        log.attempt(record);
        Call call = new Call(record);
        try {
            record.trace.attempt(record.attempt(), record, handler).subscribe().withSubscriber(call);
        } catch (Throwable e) {
            // A Uni is somebody's code as well, and may throw when it is subscribed to.
            call.onFailure(e);
        }
    }

    /** Waits after a failure for as long as {@link Retries} has it, if it has another attempt for the record. */
    void backOff(InFlightRecord<T> record) {
        if (record.retrySession() != null) {
            record.retrySession().fail(record.lastFailure());
            return;
        }
        // A success is told by the attempt itself, without the detour through whatever thread the retries complete on.
        parts.retries().inPlace().call(() -> next(record)).subscribe().with(ok -> {
        }, last -> eventLoop.execute(() -> decide.accept(record, AttemptOutcome.RETRIES_EXHAUSTED)));
    }

    /** What {@link Retries} calls: at first for the failure of the attempt before, then, after each delay, for another. */
    private Uni<Void> next(InFlightRecord<T> record) {
        return Uni.createFrom().emitter(emitter -> eventLoop.execute(() -> {
            boolean isFirst = record.retrySession() == null;
            record.retriedInPlace(emitter);
            if (isFirst) {
                emitter.fail(record.lastFailure());
            } else {
                decide.accept(record, AttemptOutcome.RETRY_DUE);
            }
        }));
    }

    /** Handler calls under way. */
    int running() {
        return running;
    }

    private void tellBreaker(InFlightRecord<T> record, Throwable failure, boolean isKnownToFail) {
        try {
            parts.breaker().ended(record.ticket(), failure, isKnownToFail);
        } catch (Throwable e) {
            log.broken(record, e);
        }
    }

    /** A handler is somebody's code: whatever it does is an outcome of this attempt. */
    private Uni<Void> answerOf(InFlightRecord<T> record) {
        try {
            return Objects.requireNonNull(parts.handler().apply(record), "the handler returned null instead of a Uni");
        } catch (Throwable e) {
            return Uni.createFrom().failure(e);
        }
    }

    /**
     * One call of the handler. Its own subscriber, because callbacks given as lambdas are wrapped to carry a context
     * over, which costs more than all else that is done for a record that succeeds (docs/performance.md).
     */
    private final class Call implements UniSubscriber<Void> {

        private final InFlightRecord<T> record;
        private final long sinceNanos = System.nanoTime();
        /** Confined to the event loop. */
        private boolean isEnded;

        Call(InFlightRecord<T> record) {
            this.record = record;
        }

        @Override
        public void onSubscribe(UniSubscription subscription) {
            // a call is never cancelled
        }

        @Override
        public void onItem(Void nothing) {
            parts.meters().called(System.nanoTime() - sinceNanos, true);
            eventLoop.execute(() -> {
                if (isFirst()) {
                    tellBreaker(record, null, false);
                    UniEmitter<? super Void> session = record.retrySession();
                    decide.accept(record, AttemptOutcome.SUCCEEDED);
                    if (session != null) {
                        session.complete(null);
                    }
                    record.tracker.callEnds();
                }
            });
        }

        @Override
        public void onFailure(Throwable failure) {
            parts.meters().called(System.nanoTime() - sinceNanos, false);
            boolean isVoid = !OutageBreaker.isItsOwn(failure) && parts.standstill().isSince(sinceNanos);
            eventLoop.execute(() -> {
                if (isFirst()) {
                    failed(failure, isVoid);
                    record.tracker.callEnds();
                }
            });
        }

        private void failed(Throwable failure, boolean isVoid) {
            if (isVoid) {
                record.failed(failure);
                parts.breaker().annul(record.ticket());
                decide.accept(record, AttemptOutcome.VOID);
            } else {
                boolean isKnownToFail = record.attempt() > 1 && parts.breaker().hasSucceededSince(record.failedAtNanos());
                record.failed(failure == null ? new NullPointerException("the handler has failed with null") : failure);
                tellBreaker(record, record.lastFailure(), isKnownToFail);
                decide.accept(record, AttemptOutcome.FAILED);
            }
        }

        /** An attempt ends once, whatever its Uni does: the first outcome counts. */
        private boolean isFirst() {
            boolean isFirst = !isEnded;
            isEnded = true;
            running -= isFirst ? 1 : 0;
            return isFirst;
        }
    }
}
