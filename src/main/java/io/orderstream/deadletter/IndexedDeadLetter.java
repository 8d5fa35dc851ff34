package io.orderstream.deadletter;

import java.util.List;

import io.orderstream.support.TextBytes;

/**
 * An original record with its dead letters. Immutable; do not modify its arrays.
 *
 * @param letter the latest letter
 * @param group the group it is counted in, see {@link GroupCounts#reasonGroup()}
 * @param key the record's key, its first {@value #KEY_BYTES} bytes at the most, or null
 * @param value the record's value, its first {@value #VALUE_BYTES} bytes at the most, or null
 * @param headers the headers of the latest letter, as far as they are kept
 * @param valueBytes length of the whole value
 * @param copies number of duplicate dead letters, written because of a crash
 * @param history its dead letters without duplicates, latest last, at most {@value #HISTORY}
 */
public record IndexedDeadLetter(DeadLetter letter, String group, byte[] key, byte[] value, KeptHeaders headers,
        int valueBytes, int copies, List<DeadLetter> history) {

    static final int KEY_BYTES = 1024;
    static final int VALUE_BYTES = 16 * 1024;
    static final int HISTORY = 10;

    /** Whether the key is none that can be shown as text. */
    public boolean hasBinaryKey() {
        return key != null && TextBytes.text(key, key.length == KEY_BYTES).isEmpty();
    }

    /** Whether {@code value} holds only the beginning of the value. */
    public boolean isTruncated() {
        return value != null && value.length < valueBytes;
    }
}
