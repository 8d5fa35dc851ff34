package io.orderstream.activity;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a channel, or a pipeline of two, does at a moment.
 *
 * @param lanes number of lanes with records in work
 * @param waiting records that wait for their next attempt
 * @param shown some of these lanes, those of retries first
 * @param latest some of its latest records, the latest first
 */
public record Activity(int lanes, int waiting, List<Lane> shown, List<RecentRecord> latest) {

    /** Nothing is in work. */
    public static final Activity NONE = new Activity(0, 0, List.of(), List.of());

    /** Lanes that are shown: no more can be read, and each has texts to be made. */
    public static final int MOST_SHOWN = 24;
    /** Lanes that are looked at: choosing among all of them takes longer than it is worth. */
    public static final int MOST_LOOKED_AT = 1_000;

    /** The activity of both channels of a pipeline. A record that has gone from one to the other is in it as it stands now. */
    public Activity plus(Activity other) {
        return new Activity(lanes + other.lanes, waiting + other.waiting,
                Stream.concat(shown.stream(), other.shown.stream()).limit(MOST_SHOWN).toList(),
                latestOf(Stream.concat(latest.stream(), other.latest.stream())));
    }

    /** The latest first, each record once. */
    static List<RecentRecord> latestOf(Stream<RecentRecord> records) {
        List<RecentRecord> sorted = records.sorted(Comparator.comparing(RecentRecord::at).reversed()).toList();
        return sorted.stream().filter(record -> sorted.stream().filter(record::isSameAs).findFirst().orElseThrow() == record)
                .toList();
    }
}
