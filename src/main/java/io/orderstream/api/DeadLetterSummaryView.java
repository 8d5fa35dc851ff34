package io.orderstream.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.orderstream.deadletter.DeadLetterSummary;
import io.orderstream.deadletter.GroupCounts;
import io.orderstream.deadletter.Trend;

/**
 * What {@code GET /api/dead-letters/summary} answers.
 *
 * @param complete whether all dead-letter topics have been read to the end
 * @param letters all letters, copies and repeats included
 * @param originals original records behind them
 * @param indexed those that can be listed
 * @param oldest when the oldest of those was given up, null if there is none
 * @param kinds originals per kind
 * @param groups the largest first
 */
public record DeadLetterSummaryView(boolean complete, long letters, int originals, int indexed, Instant oldest,
        Map<String, Integer> kinds, List<Group> groups) {

    /**
     * A kind and a reason.
     *
     * @param reason without numbers and ids
     * @param count originals whose latest letter is in this group
     * @param letters all letters of these
     * @param open entries nothing has been done about, of those that can be listed
     * @param redriven entries that have been sent back and have not failed again
     * @param parked entries that have been redriven as often as they may be
     * @param topics originals per dead-letter topic
     * @param sample the newest entry, null if none can be listed any more
     */
    public record Group(String reasonGroup, String kind, String reason, int count, long letters, int open, int redriven,
            int parked, Instant firstSeen, Instant lastSeen, Map<String, Integer> topics, Trend trend,
            DeadLetterView sample) {

        static Group of(DeadLetterSummary.Group group, DeadLetterView sample) {
            GroupCounts counts = group.counts();
            return new Group(counts.reasonGroup(), counts.kind(), counts.reason(), counts.count(), counts.letters(),
                    group.open(), group.redriven(), group.parked(), counts.firstSeen(), counts.lastSeen(), counts.topics(),
                    counts.trend(), sample);
        }
    }

    static DeadLetterSummaryView of(DeadLetterSummary summary, List<Group> groups) {
        int indexed = summary.entries().size();
        return new DeadLetterSummaryView(summary.complete(), summary.letters(), summary.originals(), indexed,
                indexed == 0 ? null : summary.entries().get(indexed - 1).letter().at(), summary.kinds(), groups);
    }
}
