package io.orderstream.commit;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What is to be committed for a partition.
 *
 * @param offset the watermark, and the text with it
 * @param isListed whether the text also covers what is finished beyond the watermark
 */
record PartitionCommit(OffsetAndMetadata offset, boolean isListed) {

    /** Whether a record that counts as finished is finished for whoever reads this commit. */
    boolean covers(TrackedOffset record) {
        return isListed || record.offset < offset.offset();
    }
}
