package io.orderstream.activity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The latest records of a channel: a sample, since there may be many thousands a second. Between two looks at it at most
 * {@value #MOST_BETWEEN_LOOKS} are taken, so that a record costs no more than a comparison. Not thread safe: confined to the event
 * loop of the channel.
 */
public final class RecentRecords {

    private static final int MOST = 30;
    private static final int MOST_BETWEEN_LOOKS = 8;

    private final Deque<RecentRecord> latest = new ArrayDeque<>(MOST);
    private int room = MOST_BETWEEN_LOOKS;

    /** Whether one more is wanted before the next look. */
    public boolean isWanted() {
        return room > 0;
    }

    /** Adds a record, or what has become of it since. */
    public void add(RecentRecord record) {
        room--;
        latest.removeIf(record::isSameAs);
        if (latest.size() == MOST) {
            latest.removeLast();
        }
        latest.addFirst(record);
    }

    /** The latest first. */
    public List<RecentRecord> look() {
        room = MOST_BETWEEN_LOOKS;
        return List.copyOf(latest);
    }
}
