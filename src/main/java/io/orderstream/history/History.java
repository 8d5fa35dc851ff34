package io.orderstream.history;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a pipeline of this instance did since its start, in bounded memory: the last {@link #RECENT} second by second, and
 * all of it in steps that get longer. Thread safe.
 */
public final class History {

    /** How far back it is known what was done in each second. */
    public static final Duration RECENT = Duration.ofMinutes(15);

    static final int MOST_STEPS = 720;

    private final Deque<Step> recent = new ArrayDeque<>();
    private List<Step> all = new ArrayList<>();
    private int stepSeconds = 1;
    private int inLast;

    /**
     * Steps of the same length, the last one of which may be shorter.
     *
     * @param stepSeconds their length
     * @param steps the earliest first
     */
    public record Steps(int stepSeconds, List<Step> steps) {
    }

    /** Adds what was done in one second. */
    synchronized void add(Step second) {
        recent.addLast(second);
        if (recent.size() > RECENT.toSeconds()) {
            recent.removeFirst();
        }
        if (inLast > 0 && inLast < stepSeconds) {
            all.add(all.remove(all.size() - 1).then(second));
            inLast++;
        } else {
            all.add(second);
            inLast = 1;
        }
        if (all.size() > MOST_STEPS) {
            halve();
        }
    }

    /** Makes one step of two. The last one, which has just begun, remains as it is. */
    private void halve() {
        List<Step> pairs = new ArrayList<>(MOST_STEPS);
        for (int i = 0; i + 1 < all.size(); i += 2) {
            pairs.add(all.get(i).then(all.get(i + 1)));
        }
        pairs.add(all.get(all.size() - 1));
        all = pairs;
        stepSeconds *= 2;
    }

    /** The last seconds, one by one. */
    public synchronized Steps last(Duration time) {
        return new Steps(1, recent.stream().skip(Math.max(0, recent.size() - time.toSeconds())).toList());
    }

    /** All since the start. */
    public synchronized Steps all() {
        return new Steps(stepSeconds, List.copyOf(all));
    }
}
