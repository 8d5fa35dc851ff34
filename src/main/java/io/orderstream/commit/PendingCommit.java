package io.orderstream.commit;

import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What there is to commit.
 *
 * @param offsets offset and totals of the partitions that have something new
 * @param moves the moves these offsets cover; if there are any, the commit has to be part of the transaction that makes them
 */
record PendingCommit(Map<TopicPartition, OffsetAndMetadata> offsets, List<RetryForward> moves) {

    static final PendingCommit NOTHING = new PendingCommit(Map.of(), List.of());
}
