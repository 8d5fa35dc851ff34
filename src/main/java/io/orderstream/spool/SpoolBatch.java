package io.orderstream.spool;

import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

/**
 * Entries of one spool file that are sent together.
 *
 * @param file the spool file
 * @param end position in the file after the last entry
 * @param entries entries in the order they were spooled
 * @param ends end offsets of the partitions of their dead-letter topics before the first attempt; null if there was
 *        none
 */
record SpoolBatch(SpoolFile file, long end, List<SpoolEntry> entries, Map<TopicPartition, Long> ends) {
}
