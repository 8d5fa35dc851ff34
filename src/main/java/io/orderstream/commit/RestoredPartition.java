package io.orderstream.commit;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * An assigned partition as its last commit describes it.
 *
 * @param tracker goes on with what was committed
 * @param committed what was committed, null if nothing was
 * @param start the offset from which it is read
 * @param generation generation of the consumer group in which it was assigned
 * @param isSameLog whether the offsets are those of the records they were of when it was committed
 */
record RestoredPartition(OffsetTracker tracker, OffsetAndMetadata committed, long start, int generation,
        boolean isSameLog) {

    /** Whether it is read from another offset than the committed one. */
    boolean isMoved() {
        return committed != null && committed.offset() != start;
    }
}
