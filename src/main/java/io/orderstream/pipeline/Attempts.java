package io.orderstream.pipeline;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Function;

import io.orderstream.commit.TotalsCommit;
import io.orderstream.record.PoisonException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.mutiny.subscription.UniSubscription;

/**
 * The attempts of a record: the first calls the handler directly, further ones are made by {@link Retries}, or, by way of the
 * retry topic, later and as the first of another record. In an outage none is made: records wait for its end, and have all
 * their attempts again.
 * <p>
 * Runs on the event loop of the channel. Handlers and retries complete on any thread; what follows hops back.
 *
 * @param <T> type of the decoded values
 */
final class Attempts<T> {

    private final Steps<T> steps;
    private final RetryPolicy policy;
    private final TotalsCommit commits;
    private final PipelineMeters meters;
    private final RecordLog<T> log;
    private final Outcome<T> outcome;
    /** Made once, and not for each record. */
    private final Function<InFlightRecord<T>, Uni<Void>> handler = this::answerOf;
    /** Records that wait for the end of an outage, or for their turn after it. */
    private final Queue<InFlightRecord<T>> waiting = new ArrayDeque<>();
    private int running;

    /** Who is told, on the event loop, what became of a record. */
    interface Outcome<T> {

        void succeeded(InFlightRecord<T> record);

        /** @param failure that of the last attempt, or {@link HandedBackException} */
        void gaveUp(InFlightRecord<T> record, Throwable failure);

        /** The record is to be tried again by way of the retry topic. */
        void postponed(InFlightRecord<T> record);

        /** True if no further attempt is to be made. */
        boolean isHandedBack(InFlightRecord<T> record);
    }

    Attempts(Steps<T> steps, RetryPolicy policy, TotalsCommit commits, PipelineMeters meters, RecordLog<T> log,
            Outcome<T> outcome) {
        this.steps = steps;
        this.policy = policy;
        this.commits = commits;
        this.meters = meters;
        this.log = log;
        this.outcome = outcome;
    }

    /** Makes the first attempt here, and all further ones that are made here: now, or when there is no outage any more. */
    void start(InFlightRecord<T> record) {
        if (record.attempt > 0 && steps.breaker().wasOutSince(record.failedAtNanos)) {
            record.excuse();
        }
        if (isNext(record) && isAdmitted(record)) {
            first(record);
        } else {
            waiting.add(record);
        }
    }

    /** In an outage, a record that has not failed shows best that it is over. */
    private boolean isNext(InFlightRecord<T> record) {
        return waiting.isEmpty() || record.attempt == 0 && steps.breaker().isOut();
    }

    /** Goes on with a record that has waited for the end of an outage. False if none waits, or none may go on yet. */
    boolean resume() {
        InFlightRecord<T> next = waiting.peek();
        if (next == null) {
            return false;
        }
        if (outcome.isHandedBack(next)) {
            waiting.remove();
            outcome.gaveUp(next, new HandedBackException());
            return true;
        }
        if (!isAdmitted(next)) {
            return false;
        }
        waiting.remove();
        next.excuse();
        first(next);
        return true;
    }

    /** Begins anew with a record whose failures are the outage's. */
    void startAnew(InFlightRecord<T> record) {
        if (outcome.isHandedBack(record)) {
            outcome.gaveUp(record, new HandedBackException());
            return;
        }
        record.excuse();
        start(record);
    }

    private boolean isAdmitted(InFlightRecord<T> record) {
        record.ticket = steps.breaker().admit();
        return record.ticket != null;
    }

    private void first(InFlightRecord<T> record) {
        if (record.attempt > 0) {
            meters.retried(record.attempt + 1);
            log.retried(record);
        }
        call(record, null);
    }

    /** Makes the further attempts of a record whose first has failed. */
    void retryInPlace(InFlightRecord<T> record) {
        // A success is told by the attempt itself, without the detour through whatever thread the retries complete on.
        policy.inPlace().call(() -> next(record)).subscribe().with(ok -> {
        }, last -> commits.runOnContext(() -> {
            if (last instanceof InterruptedByOutageException) {
                startAnew(record);
            } else {
                outcome.gaveUp(record, last);
            }
        }));
    }

    /** Handler calls under way. */
    int running() {
        return running;
    }

    private void call(InFlightRecord<T> record, UniEmitter<? super Void> retry) {
        record.attempt++;
        running++;
        log.attempt(record);
        Call call = new Call(record, retry);
        record.trace.attempt(record.attempt, record, handler).subscribe().withSubscriber(call);
    }

    /** A handler is somebody's code: whatever it does is an outcome of this attempt. */
    private Uni<Void> answerOf(InFlightRecord<T> record) {
        try {
            return Objects.requireNonNull(steps.handler().apply(record), "the handler returned null instead of a Uni");
        } catch (Throwable e) {
            return Uni.createFrom().failure(e);
        }
    }

    /** Retries would give these up as well; a storm of poison need not take the way through the interceptor. */
    private boolean isFinal(InFlightRecord<T> record, Throwable failure) {
        return failure instanceof PoisonException || policy.isUsedUp(record) || outcome.isHandedBack(record);
    }

    private void firstFailed(InFlightRecord<T> record, Throwable failure) {
        if (isFinal(record, failure)) {
            outcome.gaveUp(record, failure);
        } else if (steps.breaker().isOut()) {
            startAnew(record);
        } else if (policy.isByTopic()) {
            outcome.postponed(record);
        } else {
            retryInPlace(record);
        }
    }

    /** What {@link Retries} calls: at first the failure of the first attempt, then, after each delay, a new attempt. */
    private Uni<Void> next(InFlightRecord<T> record) {
        return Uni.createFrom().emitter(emitter -> commits.runOnContext(() -> {
            if (!record.isRetrying) {
                record.isRetrying = true;
                emitter.fail(record.lastFailure);
            } else if (outcome.isHandedBack(record)) {
                emitter.fail(new HandedBackException());
            } else if (steps.breaker().wasOutSince(record.failedAtNanos) || !isAdmitted(record)) {
                emitter.fail(new InterruptedByOutageException());
            } else {
                meters.retried(record.attempt + 1);
                log.retriedInPlace(record);
                call(record, emitter);
            }
        }));
    }

    /**
     * One call of the handler. Its own subscriber, because callbacks given as lambdas are wrapped to carry a context
     * over, which costs more than all else that is done for a record that succeeds (docs/performance.md).
     */
    private final class Call implements UniSubscriber<Void> {

        private final InFlightRecord<T> record;
        private final UniEmitter<? super Void> retry;
        private final long sinceNanos = System.nanoTime();

        /** @param retry who made this call, null for the first attempt */
        Call(InFlightRecord<T> record, UniEmitter<? super Void> retry) {
            this.record = record;
            this.retry = retry;
        }

        @Override
        public void onSubscribe(UniSubscription subscription) {
            // a call is never cancelled
        }

        @Override
        public void onItem(Void nothing) {
            meters.called(System.nanoTime() - sinceNanos, true);
            commits.runOnContext(() -> {
                running--;
                steps.breaker().ended(record.ticket, null, false);
                outcome.succeeded(record);
                if (retry != null) {
                    retry.complete(null);
                }
            });
        }

        @Override
        public void onFailure(Throwable failure) {
            meters.called(System.nanoTime() - sinceNanos, false);
            commits.runOnContext(() -> {
                running--;
                boolean isKnownToFail = record.attempt > 1 && steps.breaker().hasSucceededSince(record.failedAtNanos);
                record.failed(failure);
                steps.breaker().ended(record.ticket, failure, isKnownToFail);
                if (retry == null) {
                    firstFailed(record, failure);
                } else if (isFinal(record, failure)) {
                    // The retries hear no more of it, and do not wait for it either: between two attempts there is only a timer.
                    outcome.gaveUp(record, failure);
                } else {
                    retry.fail(failure);
                }
            });
        }
    }
}
