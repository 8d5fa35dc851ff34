package io.orderstream.api;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.orderstream.event.EventTypes;
import io.orderstream.totals.Tally;
import io.orderstream.totals.Totals;

/**
 * What {@code GET /api/events/stats} answers.
 *
 * @param received records this instance has taken
 * @param processed events whose handler succeeded
 * @param deadLettered records confirmed in the dead-letter topic
 * @param retries attempts beyond the first, since this instance started
 * @param types the finished ones by type; {@code unknown} is what is no event, or of no known type
 * @param partitions where this instance stands in each of its partitions
 * @param group the whole consumer group as of its last commits, or null while the broker does not answer
 */
public record EventStats(long received, long processed, long deadLettered, long retries, Map<String, Type> types,
        List<PipelineFigures.Partition> partitions, Group group) {

    /** The finished events of a type. */
    public record Type(long received, long processed, long deadLettered) {
    }

    /** What a consumer group has counted. */
    public record Group(long received, long processed, long deadLettered, Map<String, Type> types) {
    }

    /** @param known the types that have a schema, which are shown in any case */
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
