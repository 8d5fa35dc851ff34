package io.orderstream.activity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * The latest records of a channel: a sample, since there may be many thousands a second. Between two looks at it no more than
 * {@value #MOST_BETWEEN_LOOKS} processed records and as many others are taken, so that all further ones cost a comparison.
 * Those that are not processed have places of their own: at a high rate nobody would see them otherwise. Not thread safe:
 * confined to the event loop of the channel.
 */
public final class RecentRecords {

    private static final int MOST_OF_A_KIND = 15;
    private static final int MOST_BETWEEN_LOOKS = 8;

    private final Deque<RecentRecord> processed = new ArrayDeque<>(MOST_OF_A_KIND);
    private final Deque<RecentRecord> others = new ArrayDeque<>(MOST_OF_A_KIND);
    private int roomForProcessed = MOST_BETWEEN_LOOKS;
    private int roomForOthers = MOST_BETWEEN_LOOKS;

    /** Whether one more processed record is wanted before the next look. */
    public boolean isProcessedWanted() {
        return roomForProcessed > 0;
    }

    /** Whether one more record that is retried or dead-lettered is wanted before the next look. */
    public boolean isOtherWanted() {
        return roomForOthers > 0;
    }

    /** Adds a record, or what has become of one since. */
    public void add(RecentRecord record) {
        forget(record.partition(), record.offset());
        Deque<RecentRecord> kind = record.fate() == Fate.PROCESSED ? processed : others;
        if (kind == processed) {
            roomForProcessed--;
        } else {
            roomForOthers--;
        }
        if (kind.size() == MOST_OF_A_KIND) {
            kind.removeLast();
        }
        kind.addFirst(record);
    }

    /** Takes a record out whose fate others decide. */
    public void forget(int partition, long offset) {
        for (Deque<RecentRecord> kind : List.of(processed, others)) {
            kind.removeIf(record -> record.partition() == partition && record.offset() == offset);
        }
    }

    /** The latest first. */
    public List<RecentRecord> look() {
        roomForProcessed = MOST_BETWEEN_LOOKS;
        roomForOthers = MOST_BETWEEN_LOOKS;
        return Activity.latestOf(Stream.concat(processed.stream(), others.stream()));
    }
}
