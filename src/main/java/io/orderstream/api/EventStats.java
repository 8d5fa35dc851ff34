package io.orderstream.api;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jetbrains.annotations.Nullable;

import io.orderstream.event.EventTypes;
import io.orderstream.totals.Tally;
import io.orderstream.totals.Totals;

/**
 * Response of {@code GET /api/events/stats}: {@link PipelineFigures}.
 *
 * @param processed events whose handler succeeded
 * @param types finished records by event type; {@code unknown} counts non-events and unknown types
 */
public record EventStats(long received, long processed, long deadLettered, long retries, Map<String, Type> types,
        List<PipelineFigures.Partition> partitions, @Nullable Group group) {

    /** Finished events of one type. */
    public record Type(long received, long processed, long deadLettered) {
    }

    /** Totals of a consumer group. */
    @Schema(name = "EventGroupTotals")
    public record Group(long received, long processed, long deadLettered, Map<String, Type> types) {
    }

    /** @param known types that have a schema, which are always listed */
    static EventStats of(PipelineFigures figures, Set<String> known) {
        Totals totals = figures.totals();
        return new EventStats(totals.received(), totals.processed(), totals.deadLettered(), figures.retries(),
                types(figures.names(), known), figures.partitions(), figures.group() == null ? null
                        : group(figures.group().totals(), types(figures.group().names(), known)));
    }

    private static Group group(Totals totals, Map<String, Type> types) {
        return new Group(totals.received(), totals.processed(), totals.deadLettered(), types);
    }

    private static Map<String, Type> types(Tally names, Set<String> known) {
        Map<String, Type> types = new TreeMap<>();
        known.forEach(type -> types.put(type, new Type(0, 0, 0)));
        names.of(EventTypes.DIMENSION).forEach((type, count) -> types.put(type,
                new Type(count.processed() + count.deadLettered(), count.processed(), count.deadLettered())));
        return types;
    }
}
