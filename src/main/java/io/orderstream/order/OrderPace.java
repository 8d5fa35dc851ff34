package io.orderstream.order;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

/**
 * When the generator makes orders: one at each interval, as many as set, and those it is asked for beside. The interval may be
 * changed at any time. Thread safe.
 */
final class OrderPace {

    /** Orders that may wait to be made, of those that were asked for. */
    static final int MOST_ASKED = 100_000;

    /** A timer is no more exact; of shorter intervals several orders are due at a time. */
    private static final long SHORTEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** Orders that are later are left out, as after a standstill. So are those for which there is no room. */
    private static final long LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Nobody writes a million orders a second: those due for which there is no room are left out. */
    private static final Duration SHORTEST = Duration.ofNanos(1_000);
    private static final double LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final double SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final Runnable done;
    /** What the ids of those that were asked for begin with, one each. */
    private final Deque<String> asked = new ArrayDeque<>();
    private long left;
    private double perSecond;
    private long nextNanos;
    private CompletableFuture<Void> change = new CompletableFuture<>();

    /**
     * @param interval time between two orders; zero for as many as there is room for
     * @param count how many at intervals
     * @param nanoTime clock such as {@link System#nanoTime()}
     * @param done run when the last of these is due
     */
    OrderPace(Duration interval, long count, LongSupplier nanoTime, Runnable done) {
        this.perSecond = SECOND_NANOS / Math.max(interval.toNanos(), SHORTEST.toNanos());
        this.left = count;
        this.nanoTime = nanoTime;
        this.done = done;
        this.nextNanos = nanoTime.getAsLong();
    }

    /** Orders a second, those that are asked for left out of account. */
    synchronized double perSecond() {
        return left == 0 ? 0 : perSecond;
    }

    /** From now on so many orders are made a second, 0 for none, without an end. */
    synchronized void perSecond(double orders) {
        perSecond = orders;
        left = Long.MAX_VALUE;
        nextNanos = nanoTime.getAsLong();
        change.complete(null);
    }

    private long interval() {
        return Math.max(1, (long) Math.min(SECOND_NANOS / perSecond, LONGEST_NANOS));
    }

    private boolean isPaused() {
        return left == 0 || perSecond == 0;
    }

    /**
     * Asks for orders beside those at intervals, as soon as there is room for them.
     *
     * @param idPrefix what their ids begin with
     * @return false if too many wait already: then none is made
     */
    synchronized boolean ask(int orders, String idPrefix) {
        if (asked.size() + orders > MOST_ASKED) {
            return false;
        }
        asked.addAll(Collections.nCopies(orders, idPrefix));
        change.complete(null);
        return true;
    }

    /**
     * The orders that are due now; if there are none, an empty list when there may be some.
     *
     * @param room how many may be made
     * @return what the id of each begins with
     */
    Uni<List<String>> due(IntSupplier room) {
        return Uni.createFrom().deferred(() -> dueOrLater(room.getAsInt()));
    }

    private synchronized Uni<List<String>> dueOrLater(int room) {
        List<String> due = take(room);
        if (!due.isEmpty()) {
            return Uni.createFrom().item(due);
        }
        change = new CompletableFuture<>();
        Uni<List<String>> later = Uni.createFrom().completionStage(change).emitOn(Infrastructure.getDefaultExecutor())
                .replaceWith(List.of());
        if (isPaused() && asked.isEmpty()) {
            return later;
        }
        long wait = asked.isEmpty() ? nextNanos - nanoTime.getAsLong() : SHORTEST_WAIT_NANOS;
        return later.ifNoItem().after(Duration.ofNanos(Math.max(wait, SHORTEST_WAIT_NANOS))).recoverWithItem(List.of());
    }

    private List<String> take(int room) {
        List<String> due = new ArrayList<>();
        while (due.size() < room && !asked.isEmpty()) {
            due.add(asked.remove());
        }
        long now = nanoTime.getAsLong();
        if (now - nextNanos > LATEST_NANOS) {
            nextNanos = now - LATEST_NANOS;
        }
        for (; isDue(now) && due.size() < room; nextNanos += interval()) {
            due.add("");
            countDown();
        }
        if (isDue(now)) {
            // Not one by one: without an interval they are many times those there is room for.
            nextNanos += ((now - nextNanos) / interval() + 1) * interval();
        }
        return due;
    }

    private boolean isDue(long now) {
        return !isPaused() && nextNanos - now <= 0;
    }

    private void countDown() {
        left--;
        if (left == 0) {
            done.run();
        }
    }
}
