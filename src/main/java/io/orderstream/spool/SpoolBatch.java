package io.orderstream.spool;

import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

/**
 * Entries that are sent together.
 *
 * @param file where they are
 * @param end position behind them
 * @param entries in the order they were spooled
 * @param ends null if none of them can have been sent yet; otherwise where the partitions of their dead-letter topics ended
 *        before the first try
 */
record SpoolBatch(SpoolFile file, long end, List<SpoolEntry> entries, Map<TopicPartition, Long> ends) {
}
