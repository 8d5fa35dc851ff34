package io.orderstream.deadletter;

import java.util.Comparator;

import org.apache.kafka.common.TopicPartition;

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
record SelectedLetter(TopicPartition partition, long offset, Origin origin, int redriveCount, Group group, int bytes)
        implements
            Comparable<SelectedLetter> {

    /** Letters of one kind and one reason. */
    record Group(String reasonGroup, String kind, String reason) {
    }

    /** The order in which copies are preferred: the same whenever one looks. */
    static final Comparator<SelectedLetter> FIRST_COPY = Comparator
            .comparing((SelectedLetter letter) -> letter.partition.topic())
            .thenComparingInt(letter -> letter.partition.partition()).thenComparingLong(SelectedLetter::offset);

    LetterFilter.Coordinates coordinates() {
        return new LetterFilter.Coordinates(partition.topic(), partition.partition(), offset);
    }

    /** The original order. */
    @Override
    public int compareTo(SelectedLetter other) {
        return origin.compareTo(other.origin);
    }
}
