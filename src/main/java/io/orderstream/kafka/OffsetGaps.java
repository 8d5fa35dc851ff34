package io.orderstream.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.common.TopicPartition;

/**
 * Which offsets near the end of a partition hold no record, as whoever has read the partition has found: those of the markers
 * of transactions, and those of records whose transaction was aborted. Without them an idle topic that is written to in
 * transactions would have a lag for ever. Thread safe.
 */
@ApplicationScoped
public class OffsetGaps {

    private final Map<TopicPartition, Read> read = new ConcurrentHashMap<>();

    private record Read(long from, long to, OffsetRuns records) {
    }

    /**
     * A partition was read.
     *
     * @param from first offset that was read
     * @param to offset behind the last one
     * @param records offsets in between that hold a record
     */
    public void found(TopicPartition partition, long from, long to, OffsetRuns records) {
        read.put(partition, new Read(from, to, records));
    }

    /** What was found in a partition is forgotten. */
    public void forget(TopicPartition partition) {
        read.remove(partition);
    }

    /** How many offsets from {@code from} (inclusive) to {@code to} (exclusive) are known to hold no record. */
    public long between(TopicPartition partition, long from, long to) {
        Read found = read.get(partition);
        if (found == null) {
            return 0;
        }
        long first = Math.max(from, found.from());
        long end = Math.min(to, found.to());
        return first >= end ? 0
                : end - first - found.records().offsets().filter(offset -> offset >= first && offset < end).count();
    }
}
