package io.orderstream.guarantee;

import java.util.HashSet;
import java.util.Set;

/** The handler calls of all instances of a run together, and what they have rejected. */
final class HandlerCalls {

    private final Set<HandlerCall> different = new HashSet<>();
    private final Set<String> records = new HashSet<>();
    private long total;
    private long repeated;

    void add(HandlerCall call) {
        boolean isNew = different.add(call);
        records.add(call.record());
        if (!call.isRejection()) {
            total++;
            repeated += isNew ? 0 : 1;
        }
    }

    boolean contains(HandlerCall call) {
        return different.contains(call);
    }

    /** The records that were handled or rejected at least once, as {@code topic-partition-offset}. */
    Set<String> records() {
        return records;
    }

    long total() {
        return total;
    }

    /** Calls for an attempt of a record that had been called before. */
    long repeated() {
        return repeated;
    }
}
