package io.orderstream.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.orderstream.deadletter.DeadLetterSummary;
import io.orderstream.deadletter.GroupCounts;
import io.orderstream.deadletter.Trend;

/**
 * Response of {@code GET /api/dead-letters/summary}.
 *
 * @param complete whether all dead-letter topics have been read to their end
 * @param letters number of dead letters, duplicates and repeated failures of a record included
 * @param originals number of original records
 * @param indexed number of original records that can be listed
 * @param oldest when the oldest of these was dead-lettered, null if there is none
 * @param kinds original records per kind
 * @param groups groups by kind and reason, largest first
 */
public record DeadLetterSummaryView(boolean complete, long letters, int originals, int indexed, Instant oldest,
        Map<String, Integer> kinds, List<Group> groups) {

    /**
     * Dead letters of the same kind and reason.
     *
     * @param reason the reason without numbers and ids
     * @param count original records whose latest dead letter is in this group
     * @param letters all dead letters of these records
     * @param open listed records that have not been redriven
     * @param redriven listed records that have been redriven and have not failed again
     * @param parked listed records that have reached the limit of redrives
     * @param topics original records per dead-letter topic
     * @param sample the newest listed record, null if none is listed any more
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
