package io.orderstream.average;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What is to be committed for a partition.
 *
 * @param offset the watermark, and the text with it
 * @param isListed whether the text also covers what is finished beyond the watermark
 */
record Commit(OffsetAndMetadata offset, boolean isListed) {

    /** Whether a record that counts as finished is finished for whoever reads this commit. */
    boolean covers(InWork record) {
        return isListed || record.offset < offset.offset();
    }
}
