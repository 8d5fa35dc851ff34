package io.orderstream.deadletter;

import java.util.List;

/**
 * An original record with its dead letters. Immutable; do not modify its arrays.
 *
 * @param letter the latest dead letter
 * @param group id of its group, see {@link GroupCounts#reasonGroup()}
 * @param key the record's key, truncated to {@value #KEY_BYTES} bytes, or null
 * @param keyBytes length of the whole key
 * @param value the record's value, truncated to {@value #VALUE_BYTES} bytes, or null
 * @param valueBytes length of the whole value
 * @param copies number of duplicate dead letters, written because of a crash
 * @param history its dead letters without duplicates, latest last, at most {@value #HISTORY}
 */
public record IndexedDeadLetter(DeadLetter letter, String group, byte[] key, int keyBytes, byte[] value, int valueBytes,
        int copies,
        List<DeadLetter> history) {

    static final int KEY_BYTES = 1024;
    static final int VALUE_BYTES = 16 * 1024;
    static final int HISTORY = 10;

    /** Whether {@code value} holds only the beginning of the value. */
    public boolean isTruncated() {
        return value != null && value.length < valueBytes;
    }
}
