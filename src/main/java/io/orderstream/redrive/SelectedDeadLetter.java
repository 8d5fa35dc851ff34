package io.orderstream.redrive;

import java.util.Comparator;

import org.apache.kafka.common.TopicPartition;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.Origin;

/**
 * Position of a dead letter to be sent, without its content.
 *
 * @param partition partition of the dead-letter topic
 * @param offset offset in this partition
 * @param origin the original record
 * @param redriveCount how often it has been redriven
 * @param group kind and reason of the failure
 * @param bytes size of key and value in bytes
 */
record SelectedDeadLetter(TopicPartition partition, long offset, Origin origin, int redriveCount, Group group, int bytes)
        implements
            Comparable<SelectedDeadLetter> {

    /** Kind and reason. */
    record Group(String reasonGroup, String kind, String reason) {
    }

    /** Order in which one of several duplicates is chosen, always the same. */
    static final Comparator<SelectedDeadLetter> FIRST_COPY = Comparator
            .comparing((SelectedDeadLetter letter) -> letter.partition.topic())
            .thenComparingInt(letter -> letter.partition.partition()).thenComparingLong(SelectedDeadLetter::offset);

    DeadLetterFilter.Coordinates coordinates() {
        return new DeadLetterFilter.Coordinates(partition.topic(), partition.partition(), offset);
    }

    /** Order of the original records. */
    @Override
    public int compareTo(SelectedDeadLetter other) {
        return origin.compareTo(other.origin);
    }
}
