package io.orderstream.commit;

import java.time.Duration;

import org.apache.kafka.common.TopicPartition;

/**
 * Where an assigned partition stands.
 *
 * @param partition topic and number
 * @param watermark the offset to commit: every record before it is finished
 * @param inWork records taken and not finished
 * @param oldestAge how long the record that takes longest has been in work, the wait until it was due not counted; if none is
 *        in work, how long the consumer tries in vain to fetch the next one
 */
public record PartitionState(TopicPartition partition, long watermark, int inWork, Duration oldestAge) {

    static PartitionState of(TopicPartition partition, OffsetTracker progress, long nowNanos) {
        return new PartitionState(partition, progress.watermark(), progress.inWork(),
                progress.oldestAge(nowNanos));
    }
}
