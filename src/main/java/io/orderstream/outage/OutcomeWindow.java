package io.orderstream.outage;

import java.util.Arrays;

/**
 * The outcomes of the last calls of a pipeline's handler, in a ring: too many failures among them are an outage. Not thread
 * safe, except for {@link #isFullOfSuccesses}, which any thread may ask.
 */
final class OutcomeWindow {

    private final boolean[] failed;
    private final int mostFailures;
    private int next;
    private int size;
    private int failures;
    private volatile boolean isFullOfSuccesses;

    /**
     * @param length how many outcomes are kept; fewer than that say nothing
     * @param failureRatio share of failures, from 0 to 1, that is too much
     */
    OutcomeWindow(int length, double failureRatio) {
        this.failed = new boolean[length];
        this.mostFailures = Math.max(1, (int) Math.ceil(failureRatio * length));
    }

    /**
     * Adds the outcome of a call in the place of the oldest.
     *
     * @return whether the window is full and too many of its calls have failed
     */
    boolean add(boolean isFailure) {
        failures += (isFailure ? 1 : 0) - (failed[next] ? 1 : 0);
        failed[next] = isFailure;
        next = (next + 1) % failed.length;
        size = Math.min(size + 1, failed.length);
        isFullOfSuccesses = failures == 0 && size == failed.length;
        return failures >= mostFailures && size == failed.length;
    }

    /** Whether another success would change nothing, so that it need not be added. */
    boolean isFullOfSuccesses() {
        return isFullOfSuccesses;
    }

    /** Forgets all outcomes. */
    void clear() {
        Arrays.fill(failed, false);
        size = 0;
        failures = 0;
        isFullOfSuccesses = false;
    }
}
