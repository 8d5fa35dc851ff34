package io.orderstream.pipeline;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Keeps records of one key in order: one at a time is in work, the rest wait behind it. Other keys are not concerned.
 * <p>
 * A lane exists only while its key has work, so nothing is left of a key that is done. Not thread safe.
 *
 * @param <R> what waits
 */
final class KeyLanes<R> {

    private static final Queue<Object> NOBODY_WAITS = new ArrayDeque<>(0);

    private final Map<LaneKey, Queue<R>> lanes = new HashMap<>();

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    int size() {
        return lanes.size();
    }

    /**
     * Enters the lane of a key.
     *
     * @return true if it was free and the record is to be worked on now; false if the record waits for its turn
     */
    boolean enter(LaneKey key, R record) {
        Queue<R> waiting = lanes.putIfAbsent(key, nobody());
        if (waiting == null) {
            return true;
        }
        if (waiting == NOBODY_WAITS) {
            waiting = new ArrayDeque<>();
            lanes.put(key, waiting);
        }
        waiting.add(record);
        return false;
    }

    /**
     * Leaves the lane of a key.
     *
     * @return the record whose turn it is now, or null if the lane is closed
     */
    R leave(LaneKey key) {
        R next = lanes.get(key).poll();
        if (next == null) {
            lanes.remove(key);
        }
        return next;
    }

    @SuppressWarnings("unchecked")
    private Queue<R> nobody() {
        return (Queue<R>) NOBODY_WAITS;
    }
}
