package io.orderstream.deadletter;

import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Predicate;

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

    private static final Comparator<IndexEntry> BY_AGE = Comparator.comparing((IndexEntry slot) -> slot.latest().at())
            .thenComparingLong(IndexEntry::arrival);

    private final int capacity;
    private final DeadLetterGroups groups;
    private final Map<Object, IndexEntry> slots = new HashMap<>();
    /** Oldest first, by time: after a restart dead letters arrive partition by partition. */
    private final NavigableSet<IndexEntry> byAge = new TreeSet<>(BY_AGE);
    private Map<TopicPartition, Long> beginnings = Map.of();
    private long letters;
    private long arrivals;

    /**
     * @param capacity most entries held
     * @param clock determines the current time, for trends
     */
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
        Object id = letter.origin() == null ? letter.coordinates() : letter.origin();
        IndexEntry slot = slots.get(id);
        if (slot == null) {
            slot = new IndexEntry(id, arrivals++);
            slots.put(id, slot);
        } else if (slot.has(letter)) {
            return slot.snapshot();
        } else {
            byAge.remove(slot);
        }
        letters++;
        place(slot, letter, record);
        byAge.add(slot);
        IndexedDeadLetter entry = slot.snapshot();
        if (slots.size() > capacity) {
            slots.remove(byAge.pollFirst().id());
        }
        return entry;
    }

    private void place(IndexEntry slot, DeadLetter letter, ConsumerRecord<byte[], byte[]> record) {
        DeadLetterGroup before = slot.group();
        DeadLetter latestBefore = before == null ? null : slot.latest();
        int lettersBefore = slot.letters();
        if (!slot.add(letter, record)) {
            before.more();
            return;
        }
        DeadLetterGroup now = groups.of(letter);
        now.join(letter, slot.letters());
        slot.moveTo(now);
        if (before != null) {
            groups.leave(before, latestBefore, lettersBefore);
        }
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
        for (IndexEntry slot : List.copyOf(byAge)) {
            DeadLetter latest = slot.latest();
            if (latest.offset() < first.getOrDefault(new TopicPartition(latest.topic(), latest.partition()), 0L)) {
                byAge.remove(slot);
                slots.remove(slot.id());
                groups.leave(slot.group(), latest, slot.letters());
                letters -= slot.letters();
            }
        }
    }

    /** All entries, newest first. */
    synchronized List<IndexedDeadLetter> newestFirst() {
        return byAge.descendingSet().stream().map(IndexEntry::snapshot).toList();
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
        return byAge.stream().map(IndexEntry::latest).filter(selected).findFirst().orElse(null);
    }
}
