package io.orderstream.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jetbrains.annotations.Nullable;

import io.orderstream.deadletter.DeadLetterSummary;
import io.orderstream.deadletter.GroupCounts;
import io.orderstream.deadletter.Trend;

/**
 * Response of {@code GET /api/dead-letters/summary}: a {@link DeadLetterSummary}.
 *
 * @param indexed number of original records that can be listed
 * @param oldest when the oldest of these was dead-lettered, null if there is none
 */
public record DeadLetterSummaryView(boolean complete, long letters, int originals, int indexed, @Nullable Instant oldest,
        Map<String, Integer> kinds, List<Group> groups) {

    /** Dead letters of the same kind and reason: a {@link DeadLetterSummary.Group} and its {@link GroupCounts}. */
    @Schema(name = "DeadLetterGroup")
    public record Group(String reasonGroup, String kind, String reason, int count, long letters, int open, int redriven,
            int parked, Instant firstSeen, Instant lastSeen, Map<String, Integer> topics, Trend trend,
            @Nullable DeadLetterView sample) {

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
