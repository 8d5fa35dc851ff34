package io.orderstream.deadletter;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * In-memory index of dead-letter topics: one entry per original record, however often it was dead-lettered, and the
 * counts of their groups. Beyond its capacity the oldest entries are dropped but stay in the counts.
 * <p>
 * Thread safe. One thread adds, any thread may read; the lock is held no longer than it takes to copy.
 */
final class DeadLetterIndex {

    /**
     * A consistent copy of the index.
     *
     * @param letters number of dead letters, duplicates and repeated failures included
     * @param kinds original records per kind
     * @param groups counts of the groups, in no order
     * @param entries entries that can be listed, newest first
     */
    record Snapshot(long letters, SortedMap<String, Integer> kinds, List<GroupCounts> groups,
            List<IndexedDeadLetter> entries) {
    }

    private static final int MOST_HEADER_NAMES = 1_000;

    private final int capacity;
    private final DeadLetterGroups groups;
    private final OriginMap<Slot> slots = new OriginMap<>();
    private final Map<DeadLetterFilter.Coordinates, Slot> slotsWithoutOrigin = new HashMap<>();
    /** Oldest first, by time: after a restart dead letters arrive partition by partition. */
    private final NavigableSet<Slot> byAge = new TreeSet<>(
            Comparator.comparing((Slot slot) -> slot.latest().at()).thenComparingLong(slot -> slot.arrival));
    /** The names of the headers of a letter, which most letters have in common. */
    private final Map<List<String>, List<String>> headerNames = new HashMap<>();
    private Map<TopicPartition, Long> beginnings = Map.of();
    private long letters;
    private long arrivals;

    /** @param capacity most entries held */
    DeadLetterIndex(int capacity, Clock clock) {
        this.capacity = capacity;
        this.groups = new DeadLetterGroups(clock);
    }

    /**
     * Adds a record of a dead-letter topic.
     *
     * @return its entry, which is not kept if the index is full and all others are newer
     */
    synchronized IndexedDeadLetter add(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = DeadLetter.of(record);
        Slot known = letter.origin() == null ? slotsWithoutOrigin.get(letter.coordinates())
                : slots.get(letter.origin(), record.value());
        if (known != null && known.has(letter)) {
            return known.snapshot();
        }
        if (known != null) {
            byAge.remove(known);
        }
        Slot slot = known == null ? new Slot(arrivals++) : known;
        if (letter.origin() == null) {
            slotsWithoutOrigin.put(letter.coordinates(), slot);
        } else {
            slots.put(letter.origin(), record.value(), slot);
        }
        letters++;
        place(slot, letter, record);
        byAge.add(slot);
        IndexedDeadLetter entry = slot.snapshot();
        if (byAge.size() > capacity) {
            drop(byAge.pollFirst());
        }
        return entry;
    }

    private void drop(Slot slot) {
        DeadLetter latest = slot.latest();
        if (latest.origin() == null) {
            slotsWithoutOrigin.remove(latest.coordinates());
        } else {
            slots.remove(latest.origin(), slot);
        }
    }

    /** Forgets everything, before all dead letters are added again. */
    synchronized void clear() {
        slots.clear();
        slotsWithoutOrigin.clear();
        byAge.clear();
        groups.clear();
        headerNames.clear();
        beginnings = Map.of();
        letters = 0;
    }

    private void place(Slot slot, DeadLetter letter, ConsumerRecord<byte[], byte[]> record) {
        DeadLetterGroups.Group before = slot.group;
        DeadLetter latestBefore = before == null ? null : slot.latest();
        int lettersBefore = slot.letters;
        if (!slot.add(letter, record, this::shared)) {
            before.more();
            return;
        }
        slot.group = groups.of(letter);
        slot.group.join(letter, slot.letters);
        if (before != null) {
            before.leave(latestBefore, lettersBefore);
        }
    }

    private List<String> shared(List<String> names) {
        List<String> known = headerNames.get(names);
        if (known == null && headerNames.size() < MOST_HEADER_NAMES) {
            headerNames.put(names, names);
        }
        return known == null ? names : known;
    }

    /**
     * Removes dead letters deleted by retention. Entries whose latest dead letter is deleted leave the counts too.
     *
     * @param first the first offset of each partition that still exists
     */
    synchronized void forgetBefore(Map<TopicPartition, Long> first) {
        if (first.equals(beginnings)) {
            return;
        }
        beginnings = Map.copyOf(first);
        for (Slot slot : List.copyOf(byAge)) {
            DeadLetter latest = slot.latest();
            if (latest.offset() < first.getOrDefault(new TopicPartition(latest.topic(), latest.partition()), 0L)) {
                byAge.remove(slot);
                drop(slot);
                slot.group.leave(latest, slot.letters);
                letters -= slot.letters;
            }
        }
    }

    /** All entries, newest first. */
    synchronized List<IndexedDeadLetter> newestFirst() {
        return byAge.descendingSet().stream().map(Slot::snapshot).toList();
    }

    /** Returns entries and counts of the same moment. */
    synchronized Snapshot snapshot() {
        return new Snapshot(letters, groups.kinds(), groups.counts(), newestFirst());
    }

    /** Original records per kind, including kinds without any. */
    synchronized SortedMap<String, Integer> kinds() {
        return groups.kinds();
    }

    /** The latest dead letter of the oldest selected entry, null if there is none. */
    synchronized DeadLetter oldest(Predicate<DeadLetter> selected) {
        return byAge.stream().map(Slot::latest).filter(selected).findFirst().orElse(null);
    }

    /** All that the index holds of one original record. */
    private static final class Slot {

        /** Latest last. Partitions are read in turn, so dead letters may arrive out of order. */
        private static final Comparator<Seen> ORDER = Comparator.comparingInt((Seen seen) -> seen.letter().redriveCount())
                .thenComparing(seen -> seen.letter().at());

        /** A dead letter and the record that failed, null if its headers do not tell. */
        private record Seen(DeadLetter letter, Origin source) {

            boolean isCopyOf(Seen other) {
                return source != null && other.source != null && source.mayBe(other.source)
                        && letter.redriveCount() == other.letter.redriveCount();
            }
        }

        private final long arrival;
        private final List<Seen> history = new ArrayList<>(1);
        private byte[] key;
        private byte[] value;
        private KeptHeaders headers;
        private int valueBytes;
        private int letters;
        private int copies;
        private DeadLetterGroups.Group group;

        /** @param arrival sequence number, to order entries of the same time */
        Slot(long arrival) {
            this.arrival = arrival;
        }

        DeadLetter latest() {
            return history.get(history.size() - 1).letter();
        }

        /** Whether this record of the dead-letter topic has been added before. */
        boolean has(DeadLetter letter) {
            return history.stream().anyMatch(seen -> seen.letter().coordinates().equals(letter.coordinates()));
        }

        /**
         * Adds a dead letter of the record.
         *
         * @param headerNames see {@link KeptHeaders#of}
         * @return whether it is the latest one
         */
        boolean add(DeadLetter letter, ConsumerRecord<byte[], byte[]> record, UnaryOperator<List<String>> headerNames) {
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
                headers = KeptHeaders.of(record.headers(), headerNames);
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
            return new IndexedDeadLetter(latest(), group.id(), key, value, headers, valueBytes, copies,
                    history.stream().map(Seen::letter).toList());
        }
    }
}
