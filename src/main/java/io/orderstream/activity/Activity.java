package io.orderstream.activity;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a channel does at a moment.
 *
 * @param lanes number of keys with records in work
 * @param waiting records that wait for their next attempt
 * @param shown some of these lanes, those of retries first
 * @param latest some of its latest records, the latest first
 */
public record Activity(int lanes, int waiting, List<Lane> shown, List<RecentRecord> latest) {

    /** Nothing is in work. */
    public static final Activity NONE = new Activity(0, 0, List.of(), List.of());

    private static final int MOST_SHOWN = 24;

    /** Lanes that are looked at: choosing among all of them takes longer than it is worth. */
    public static final int MOST_LOOKED_AT = 1_000;

    /** The lanes that tell most: those that wait for a retry, then those with most records behind the first. */
    public static List<Lane> chosen(Stream<Lane> lanes) {
        return lanes.limit(MOST_LOOKED_AT).sorted(Comparator.comparing((Lane lane) -> lane.state() != Lane.State.RETRYING)
                .thenComparing(Comparator.comparingInt(Lane::waiting).reversed())).limit(MOST_SHOWN).toList();
    }

    /** Of two channels of a pipeline. */
    public Activity plus(Activity other) {
        return new Activity(lanes + other.lanes, waiting + other.waiting, chosen(Stream.concat(shown.stream(), other.shown.stream())),
                Stream.concat(latest.stream(), other.latest.stream()).sorted(Comparator.comparing(RecentRecord::at).reversed())
                        .toList());
    }
}
