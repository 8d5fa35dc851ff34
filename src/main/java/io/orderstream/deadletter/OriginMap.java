package io.orderstream.deadletter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A map by original record, for dead letters and redriven records. Two records at the same position of a topic that was made
 * anew are different ones if their timestamps differ. Where one timestamp is not known, as with a dead letter of another
 * application or a record redriven by an earlier version, their values decide: a redrive does not change them. Not thread safe.
 *
 * @param <T> what is held for a record
 */
public final class OriginMap<T> {

    private final Map<Origin, Entry<T>> byPosition = new HashMap<>();

    /** A record, and the next one at the same position, which there hardly ever is. */
    private static final class Entry<T> {

        private final int digest;
        private Instant at;
        private T held;
        private Entry<T> next;

        private Entry(Origin origin, int digest, Entry<T> next) {
            this.at = origin.at();
            this.digest = digest;
            this.next = next;
        }
    }

    /** Digest by which values are compared. */
    public static int digest(byte[] value) {
        if (value == null) {
            return 0;
        }
        CRC32C crc = new CRC32C();
        crc.update(value, 0, value.length);
        return (int) crc.getValue();
    }

    /**
     * Returns what is held for a record.
     *
     * @param value value of its dead letter, or of the redriven record; may be null
     * @return null if nothing is
     */
    public T get(Origin origin, byte[] value) {
        Entry<T> found = find(origin, digest(value));
        return found == null ? null : found.held;
    }

    /** Holds something for a record instead of what was held before. */
    public void put(Origin origin, byte[] value, T held) {
        int digest = digest(value);
        Entry<T> entry = find(origin, digest);
        if (entry == null) {
            entry = byPosition.compute(origin.at(null), (position, others) -> new Entry<>(origin, digest, others));
        } else if (entry.at == null) {
            entry.at = origin.at();
        }
        entry.held = held;
    }

    /** Removes what is held for a record with that position. */
    public void remove(Origin origin, T held) {
        byPosition.computeIfPresent(origin.at(null), (position, first) -> without(first, held));
    }

    private static <T> Entry<T> without(Entry<T> entry, T held) {
        if (entry == null || entry.held == held) {
            return entry == null ? null : entry.next;
        }
        entry.next = without(entry.next, held);
        return entry;
    }

    public void clear() {
        byPosition.clear();
    }

    /** Returns all that is held, in no order. */
    public Collection<T> values() {
        List<T> values = new ArrayList<>(byPosition.size());
        for (Entry<T> first : byPosition.values()) {
            for (Entry<T> entry = first; entry != null; entry = entry.next) {
                values.add(entry.held);
            }
        }
        return values;
    }

    /** Of several that could be meant the oldest: records without a timestamp are mostly those of earlier versions. */
    private Entry<T> find(Origin origin, int digest) {
        Entry<T> oldest = null;
        for (Entry<T> entry = byPosition.get(origin.at(null)); entry != null; entry = entry.next) {
            boolean areBothKnown = origin.at() != null && entry.at != null;
            if (areBothKnown && origin.at().equals(entry.at) || !origin.spoolId().isEmpty()) {
                return entry;
            }
            boolean isOlder = oldest == null || entry.at == null || oldest.at != null && entry.at.isBefore(oldest.at);
            if (!areBothKnown && entry.digest == digest && isOlder) {
                oldest = entry;
            }
        }
        return oldest;
    }
}
