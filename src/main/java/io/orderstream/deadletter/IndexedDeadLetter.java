package io.orderstream.deadletter;

import java.util.List;

/**
 * An original record and its dead letters, as the index knows it. Immutable; nobody writes to its arrays.
 *
 * @param letter the latest letter
 * @param group the group it is counted in, see {@link GroupCounts#reasonGroup()}
 * @param key the record's key, its first {@value #KEY_BYTES} bytes at the most, or null
 * @param value the record's value, its first {@value #VALUE_BYTES} bytes at the most, or null
 * @param valueBytes length of the whole value
 * @param copies letters that say the same as another one: written twice because of a crash
 * @param history its letters without copies, the latest last, {@value #HISTORY} at the most
 */
public record IndexedDeadLetter(DeadLetter letter, String group, byte[] key, byte[] value, int valueBytes,
        int copies, List<DeadLetter> history) {

    static final int KEY_BYTES = 1024;
    static final int VALUE_BYTES = 16 * 1024;
    static final int HISTORY = 10;

    /** Whether only the beginning of the value is here. */
    public boolean isTruncated() {
        return value != null && value.length < valueBytes;
    }
}
