package io.orderstream.redrive;

import java.util.Comparator;

import org.apache.kafka.common.TopicPartition;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.Origin;

/**
 * A letter that is to be sent: where it stands, not what it holds.
 *
 * @param partition its dead-letter partition
 * @param offset its offset there
 * @param origin what it was at first
 * @param redriveCount how often it has been redriven
 * @param group what it failed of
 * @param bytes size of key and value
 */
record SelectedDeadLetter(TopicPartition partition, long offset, Origin origin, int redriveCount, Group group, int bytes)
        implements
            Comparable<SelectedDeadLetter> {

    /** Letters of one kind and one reason. */
    record Group(String reasonGroup, String kind, String reason) {
    }

    /** The order in which copies are preferred: the same whenever one looks. */
    static final Comparator<SelectedDeadLetter> FIRST_COPY = Comparator
            .comparing((SelectedDeadLetter letter) -> letter.partition.topic())
            .thenComparingInt(letter -> letter.partition.partition()).thenComparingLong(SelectedDeadLetter::offset);

    DeadLetterFilter.Coordinates coordinates() {
        return new DeadLetterFilter.Coordinates(partition.topic(), partition.partition(), offset);
    }

    /** The original order. */
    @Override
    public int compareTo(SelectedDeadLetter other) {
        return origin.compareTo(other.origin);
    }
}
