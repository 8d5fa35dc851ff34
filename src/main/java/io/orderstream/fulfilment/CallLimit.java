package io.orderstream.fulfilment;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.orderstream.record.UnavailableException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;

/**
 * Lets at most so many calls be under way at a time. Further ones wait for their turn, in their order, outside of the
 * client: in the queue of its connection pool their time would run, and a pool that is too small would look like an
 * endpoint that is down. Thread safe.
 */
final class CallLimit {

    private final int most;
    private final Supplier<Executor> starters;
    private final Queue<Call> waiting = new ArrayDeque<>();
    private int underWay;

    private record Call(Uni<Void> call, UniEmitter<? super Void> caller, Executor starter) {
    }

    /**
     * @param most calls under way
     * @param starters asked where a call is made; what it gives starts the call if that has waited, and not at once: a row
     *        of calls that fail must not deepen the stack
     */
    CallLimit(int most, Supplier<Executor> starters) {
        this.most = most;
        this.starters = starters;
    }

    /**
     * Makes a call when it is its turn. If the endpoint asks to be left alone before, the call is not made, and fails as
     * the one that was told so.
     */
    Uni<Void> call(Uni<Void> call) {
        return Uni.createFrom().emitter(caller -> {
            Call next = new Call(call, caller, starters.get());
            if (isItsTurn(next)) {
                start(next);
            }
        });
    }

    private synchronized boolean isItsTurn(Call call) {
        if (underWay == most) {
            waiting.add(call);
            return false;
        }
        underWay++;
        return true;
    }

    private void start(Call call) {
        call.call().subscribe().with(done -> {
            goOn();
            call.caller().complete(null);
        }, failure -> {
            List<Call> dropped = isSilenced(failure) ? dropWaiting() : List.of();
            goOn();
            call.caller().fail(failure);
            dropped.forEach(never -> never.caller().fail(failure));
        });
    }

    private static boolean isSilenced(Throwable failure) {
        return failure instanceof UnavailableException unavailable && unavailable.retryAfter().isPresent();
    }

    private synchronized List<Call> dropWaiting() {
        List<Call> dropped = List.copyOf(waiting);
        waiting.clear();
        return dropped;
    }

    private synchronized void goOn() {
        Call next = waiting.poll();
        if (next == null) {
            underWay--;
        } else {
            next.starter().execute(() -> start(next));
        }
    }
}
