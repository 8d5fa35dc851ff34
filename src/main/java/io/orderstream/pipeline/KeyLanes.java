package io.orderstream.pipeline;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * Keeps records of one key in order: one at a time is in work, the rest wait behind it. Other keys are not concerned.
 * <p>
 * A lane exists only while its key has work, so nothing is left of a key that is done. Not thread safe.
 *
 * @param <R> what waits
 */
final class KeyLanes<R> {

    private final Map<LaneKey, Members<R>> lanes = new HashMap<>();

    /** Who is in a lane. */
    static final class Members<R> {

        private R first;
        private Queue<R> behind;

        private Members(R first) {
            this.first = first;
        }

        /** The one in work. */
        R first() {
            return first;
        }

        /** How many wait behind it. */
        int waiting() {
            return behind == null ? 0 : behind.size();
        }
    }

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
        Members<R> members = lanes.putIfAbsent(key, new Members<>(record));
        if (members == null) {
            return true;
        }
        if (members.behind == null) {
            members.behind = new ArrayDeque<>();
        }
        members.behind.add(record);
        return false;
    }

    /**
     * Leaves the lane of a key.
     *
     * @return the record whose turn it is now, or null if the lane is closed
     */
    R leave(LaneKey key) {
        Members<R> members = lanes.get(key);
        R next = members.behind == null ? null : members.behind.poll();
        if (next == null) {
            lanes.remove(key);
        } else {
            members.first = next;
        }
        return next;
    }

    /** All lanes, in no order. */
    Stream<Members<R>> stream() {
        return lanes.values().stream();
    }
}
