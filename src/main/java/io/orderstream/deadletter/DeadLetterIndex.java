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
 * The dead letters of some topics: one entry per original record, however often it came back or was written, and the counts of
 * their groups. The oldest entries are dropped when there are too many; they stay in the counts.
 * <p>
 * Thread-safe: one thread adds, any may read, and none holds the lock for longer than it takes to copy.
 */
final class DeadLetterIndex {

    /**
     * The index at one moment.
     *
     * @param letters all letters, copies and repeats included
     * @param kinds originals per kind
     * @param groups the counts of the groups, in no order
     * @param entries what can be listed, newest first
     */
    record Snapshot(long letters, SortedMap<String, Integer> kinds, List<GroupCounts> groups,
            List<IndexedDeadLetter> entries) {
    }

    private static final Comparator<IndexEntry> BY_AGE = Comparator.comparing((IndexEntry slot) -> slot.latest().at())
            .thenComparingLong(IndexEntry::arrival);

    private final int capacity;
    private final DeadLetterGroups groups;
    private final Map<Object, IndexEntry> slots = new HashMap<>();
    /** Oldest first. After a restart letters arrive partition by partition, so the order of their arrival tells little. */
    private final NavigableSet<IndexEntry> byAge = new TreeSet<>(BY_AGE);
    private Map<TopicPartition, Long> beginnings = Map.of();
    private long letters;
    private long arrivals;

    /**
     * @param capacity entries held at the most
     * @param clock the time, for trends
     */
    DeadLetterIndex(int capacity, Clock clock) {
        this.capacity = capacity;
        this.groups = new DeadLetterGroups(clock);
    }

    /**
     * Adds a record of a dead-letter topic.
     *
     * @return its entry, or what it would be if there is no room for one so old
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
     * Forgets the letters that are deleted: entries whose latest letter is gone leave the counts, too.
     *
     * @param first the first offset of each partition that is still there
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

    /** Entries and counts of the same moment. */
    synchronized Snapshot snapshot() {
        return new Snapshot(letters, groups.kinds(), groups.counts(), newestFirst());
    }

    /** Originals per kind, of every kind there can be. */
    synchronized SortedMap<String, Integer> kinds() {
        return groups.kinds();
    }

    /** The letter of the oldest entry that is selected, or null if there is none. */
    synchronized DeadLetter oldest(Predicate<DeadLetter> selected) {
        return byAge.stream().map(IndexEntry::latest).filter(selected).findFirst().orElse(null);
    }
}
