package io.orderstream.outage;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongConsumer;

import io.vertx.core.Vertx;

/** The probes of an outage: when the next is due, and with which record. Guarded by the lock of its breaker. */
final class Probes {

    /**
     * Each delay is half as long again: the end of an outage is noticed within half the time it has lasted, or within the
     * longest delay if that is less.
     */
    private static final double GROWTH = 1.5;
    /** No endpoint silences a pipeline for longer. */
    private static final Duration LONGEST_ASKED_FOR = Duration.ofMinutes(10);
    /** Failed probes from which on one is made with a new record: those that wait may all fail for a reason of their own. */
    private static final int WITH_WAITING = 3;

    private final Vertx timers;
    private final Duration first;
    private final Duration longest;
    private final LongConsumer fired;
    private Duration delay;
    private int failures;
    private long timer;
    private boolean isRunning;
    private boolean isStopped;
    private boolean isDue;
    private boolean isNewWanted;
    private Instant next;

    /** @param fired called on an event loop, without the lock, with what to ask {@link #hasFired} */
    Probes(Vertx timers, OutageSettings settings, LongConsumer fired) {
        this.timers = timers;
        this.first = settings.probeDelay();
        this.longest = settings.probeMaxDelay();
        this.fired = fired;
    }

    /** An outage begins. */
    void begin() {
        delay = first;
        failures = 0;
        startTimer(delay);
    }

    /** Whether one is due; the caller makes it. */
    boolean start() {
        if (!isDue) {
            return false;
        }
        // Should it never end, there is another one, which nobody plans.
        startTimer(longest);
        next = null;
        return true;
    }

    /** The probe under way has failed. */
    void failed() {
        failures++;
        delay = shorter(Duration.ofNanos((long) (delay.toNanos() * GROWTH)), longest);
        startTimer(delay);
    }

    /** The probe under way says nothing: another is due at once. */
    void startAnew() {
        isDue = true;
    }

    /** The next is due when the dependency has asked for it. */
    void postpone(Duration wait) {
        startTimer(shorter(wait, LONGEST_ASKED_FOR));
    }

    boolean isDue() {
        return isDue;
    }

    /** When the next is due; null if one is under way or due already, or if there is to be none. */
    Instant next() {
        return next;
    }

    /** Whether one is due for which a new record is to be taken; true once for each. */
    boolean wantNew() {
        boolean isWanted = isDue && isNewWanted;
        isNewWanted = false;
        return isWanted;
    }

    /** The outage is over. */
    void end() {
        cancelTimer();
        isDue = false;
    }

    /** There are to be no more. */
    void stop() {
        isStopped = true;
        end();
    }

    /** Whether this is the timer that was waited for, and not one started before: then one is due. */
    boolean hasFired(long id) {
        if (!isRunning || id != timer) {
            return false;
        }
        isRunning = false;
        next = null;
        isDue = true;
        isNewWanted = failures >= WITH_WAITING;
        return true;
    }

    private void startTimer(Duration wait) {
        cancelTimer();
        isDue = false;
        if (!isStopped) {
            timer = timers.setTimer(Math.max(1, wait.toMillis()), fired::accept);
            isRunning = true;
            next = Instant.now().plus(wait);
        }
    }

    private void cancelTimer() {
        if (isRunning) {
            timers.cancelTimer(timer);
            isRunning = false;
            next = null;
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
