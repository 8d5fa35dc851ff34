package io.orderstream.deadletter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** All that the index holds of one original record. Guarded by the lock of its {@link DeadLetterIndex}. */
final class IndexEntry {

    /** Latest last. Partitions are read in turn, so dead letters may arrive out of order. */
    private static final Comparator<Seen> ORDER = Comparator.comparingInt((Seen seen) -> seen.letter().redriveCount())
            .thenComparing(seen -> seen.letter().at());

    /** A dead letter and the record that failed, null if its headers do not tell. */
    private record Seen(DeadLetter letter, Origin source) {

        boolean isCopyOf(Seen other) {
            return source != null && source.equals(other.source)
                    && letter.redriveCount() == other.letter.redriveCount();
        }
    }

    private final Object id;
    private final long arrival;
    private final List<Seen> history = new ArrayList<>(1);
    private byte[] key;
    private byte[] value;
    private int valueBytes;
    private int letters;
    private int copies;
    private DeadLetterGroup group;

    /**
     * @param id identity of the original record: its origin, or else the position of its dead letter
     * @param arrival sequence number, to order entries of the same time
     */
    IndexEntry(Object id, long arrival) {
        this.id = id;
        this.arrival = arrival;
    }

    Object id() {
        return id;
    }

    long arrival() {
        return arrival;
    }

    DeadLetter latest() {
        return history.get(history.size() - 1).letter();
    }

    int letters() {
        return letters;
    }

    DeadLetterGroup group() {
        return group;
    }

    void moveTo(DeadLetterGroup other) {
        group = other;
    }

    /** Whether this record of the dead-letter topic has been added before. */
    boolean has(DeadLetter letter) {
        return history.stream().anyMatch(seen -> seen.letter().coordinates().equals(letter.coordinates()));
    }

    /**
     * Adds a dead letter of the record.
     *
     * @return whether it is the latest one
     */
    boolean add(DeadLetter letter, ConsumerRecord<byte[], byte[]> record) {
        letters++;
        Seen added = new Seen(letter, DeadLetter.source(record).orElse(null));
        if (history.stream().anyMatch(added::isCopyOf)) {
            copies++;
            return false;
        }
        history.add(added);
        history.sort(ORDER);
        boolean latest = latest() == letter;
        if (history.size() > IndexedDeadLetter.HISTORY) {
            history.remove(0);
        }
        if (latest) {
            keep(record);
        }
        return latest;
    }

    private void keep(ConsumerRecord<byte[], byte[]> record) {
        key = first(record.key(), IndexedDeadLetter.KEY_BYTES);
        value = first(record.value(), IndexedDeadLetter.VALUE_BYTES);
        valueBytes = record.value() == null ? 0 : record.value().length;
    }

    private static byte[] first(byte[] bytes, int most) {
        return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
    }

    IndexedDeadLetter snapshot() {
        return new IndexedDeadLetter(latest(), group.id(), key, value, valueBytes, copies,
                history.stream().map(Seen::letter).toList());
    }
}
