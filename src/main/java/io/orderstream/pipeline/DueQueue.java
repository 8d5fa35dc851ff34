package io.orderstream.pipeline;

import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.vertx.core.Vertx;

/**
 * Records that wait until they are due, in whatever order they came. One timer serves them all. Confined to the event loop of
 * the channel.
 */
final class DueQueue<T> {

    /** How soon a record is let go whose partition was given away: it takes up a place. */
    private static final long LONGEST_TIMER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Vertx timers;
    private final Consumer<InFlightRecord<T>> due;
    private final Runnable dueTaken;
    private final Queue<Waiting<T>> waiting = new PriorityQueue<>();

    private long timer;
    private long timerNanos;
    private boolean hasTimer;

    private record Waiting<T>(InFlightRecord<T> record, long dueNanos) implements Comparable<Waiting<T>> {
        @Override
        public int compareTo(Waiting<T> other) {
            return Long.signum(dueNanos - other.dueNanos);
        }
    }

    /**
     * @param due takes a record that is due, or that need not wait any longer
     * @param dueTaken called when it has been given all there are
     */
    DueQueue(Vertx timers, Consumer<InFlightRecord<T>> due, Runnable dueTaken) {
        this.timers = timers;
        this.due = due;
        this.dueTaken = dueTaken;
    }

    /** @param dueNanos when it is due, on the clock of {@link System#nanoTime()} */
    void add(InFlightRecord<T> record, long dueNanos) {
        waiting.add(new Waiting<>(record, dueNanos));
        if (!hasTimer || dueNanos - timerNanos < 0) {
            startTimer();
        }
    }

    int size() {
        return waiting.size();
    }

    private void startTimer() {
        stop();
        long now = System.nanoTime();
        timerNanos = now + Math.max(0, Math.min(waiting.peek().dueNanos() - now, LONGEST_TIMER_NANOS));
        // Rounded up: never early.
        timer = timers.setTimer(TimeUnit.NANOSECONDS.toMillis(timerNanos - now) + 1, id -> fire());
        hasTimer = true;
    }

    private void fire() {
        hasTimer = false;
        long now = System.nanoTime();
        while (!waiting.isEmpty() && waiting.peek().dueNanos() - now <= 0) {
            due.accept(waiting.poll().record());
        }
        waiting.removeIf(each -> {
            boolean isRevoked = each.record().tracker.isRevoked();
            if (isRevoked) {
                due.accept(each.record());
            }
            return isRevoked;
        });
        if (!waiting.isEmpty()) {
            startTimer();
        }
        dueTaken.run();
    }

    /** Lets go of the timer: in dev mode the event loop outlives the application. */
    void stop() {
        if (hasTimer) {
            timers.cancelTimer(timer);
            hasTimer = false;
        }
    }
}
