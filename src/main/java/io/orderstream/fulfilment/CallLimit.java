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
 * Limits the number of concurrent calls. Further calls wait here, first in first out, and not in the HTTP client's
 * connection pool: there their timeout would run, and a pool too small would look like an unavailable endpoint.
 * Thread safe.
 */
final class CallLimit {

    private final int most;
    private final Supplier<Executor> starters;
    private final Queue<Call> waiting = new ArrayDeque<>();
    private int underWay;

    private record Call(Uni<Void> call, UniEmitter<? super Void> caller, Executor starter) {
    }

    /**
     * @param most most concurrent calls
     * @param starters asked where a call is made; the executor starts the call if it had to wait. Never inline: a
     *        sequence of failing calls must not deepen the stack
     */
    CallLimit(int most, Supplier<Executor> starters) {
        this.most = most;
        this.starters = starters;
    }

    /**
     * Makes a call as soon as the limit allows. If another call fails with {@code Retry-After} meanwhile, it is not
     * made and fails likewise.
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
