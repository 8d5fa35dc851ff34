package io.orderstream.fulfilment;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.orderstream.record.UnavailableException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;

/**
 * Limits the number of concurrent calls. Further calls wait here, first in first out, and not in the HTTP client's
 * connection pool: there their timeout would run, and a pool too small would look like an unavailable endpoint.
 * Thread safe.
 */
final class CallLimit {

    private final Supplier<Executor> starters;
    private final Queue<Call> waiting = new ArrayDeque<>();
    /** The place given back last is the next one taken, since its connection is the least likely to have been closed. */
    private final Deque<Integer> freePlaces;

    private record Call(IntFunction<Uni<Void>> call, UniEmitter<? super Void> caller, Executor starter) {
    }

    /**
     * @param most most concurrent calls
     * @param starters asked where a call is made; the executor starts the call if it had to wait. Never inline: a
     *        sequence of failing calls must not deepen the stack
     */
    CallLimit(int most, Supplier<Executor> starters) {
        this.starters = starters;
        this.freePlaces = IntStream.range(0, most).boxed().collect(Collectors.toCollection(ArrayDeque::new));
    }

    /**
     * Makes a call as soon as the limit allows. If another call fails with {@code Retry-After} meanwhile, it is not
     * made and fails likewise.
     *
     * @param call gets the number of its place, from 0, which no other call has at the same time
     */
    Uni<Void> call(IntFunction<Uni<Void>> call) {
        return Uni.createFrom().emitter(caller -> {
            Call next = new Call(call, caller, starters.get());
            Integer place = placeOrWait(next);
            if (place != null) {
                start(next, place);
            }
        });
    }

    private synchronized Integer placeOrWait(Call call) {
        Integer place = freePlaces.poll();
        if (place == null) {
            waiting.add(call);
        }
        return place;
    }

    private void start(Call call, Integer place) {
        Uni.createFrom().deferred(() -> call.call().apply(place)).subscribe().with(done -> {
            goOn(place);
            call.caller().complete(null);
        }, failure -> {
            List<Call> dropped = isSilenced(failure) ? dropWaiting() : List.of();
            goOn(place);
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

    private synchronized void goOn(Integer place) {
        Call next = waiting.poll();
        if (next == null) {
            freePlaces.push(place);
        } else {
            next.starter().execute(() -> start(next, place));
        }
    }
}
