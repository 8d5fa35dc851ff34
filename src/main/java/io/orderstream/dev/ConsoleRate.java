package io.orderstream.dev;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.orderstream.dev.ShortLine.What;

/**
 * Decides how much of the records is said on the console: each of them, as long as nobody has to hurry to read it, otherwise
 * one line a second about all. Thread safe.
 */
final class ConsoleRate {

    /** Lines a second that can still be read. */
    static final int MOST_LINES = 30;

    private final int[] counts = new int[What.values().length];
    private int lines;
    private boolean isTooMuch;
    private boolean isLeftOut;
    private String totals = "";

    /** Whether a line is to be shown; otherwise it is counted for {@link #summary}. */
    synchronized boolean shows(ShortLine line) {
        counts[line.what().ordinal()]++;
        totals = line.what() == What.PROCESSED ? line.totals() : totals;
        lines++;
        isLeftOut |= isTooMuch || lines > MOST_LINES;
        return !isLeftOut;
    }

    /** Begins another second. @return what is to be said of the last one; null if all of it has been shown */
    synchronized String summary() {
        String summary = isLeftOut ? text() : null;
        isTooMuch = lines > MOST_LINES;
        isLeftOut = false;
        lines = 0;
        Arrays.fill(counts, 0);
        return summary;
    }

    private String text() {
        List<String> parts = new ArrayList<>();
        for (What what : What.values()) {
            if (counts[what.ordinal()] > 0) {
                parts.add(what.counted(counts[what.ordinal()]));
            }
        }
        return String.join(", ", parts) + (totals.isEmpty() ? "" : "; " + totals);
    }
}
