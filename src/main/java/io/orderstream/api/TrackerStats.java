package io.orderstream.api;

import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.orderstream.totals.Tally;
import io.orderstream.totals.Tally.Count;
import io.orderstream.totals.Totals;
import io.orderstream.tracker.ItemOrderPipeline;

/**
 * What {@code GET /api/tracker/stats} answers.
 *
 * @param received records this instance has taken
 * @param deadLettered records confirmed in the dead-letter topic
 * @param retries attempts beyond the first, since this instance started
 * @param counted the orders it has processed
 * @param partitions where this instance stands in each of its partitions
 * @param group the whole consumer group as of its last commits, or null while the broker does not answer
 */
public record TrackerStats(long received, long deadLettered, long retries, @JsonUnwrapped Counted counted,
        List<PipelineFigures.Partition> partitions, Group group) {

    /**
     * Processed orders. The top ones and the others together are all of them.
     *
     * @param orders how many
     * @param quantity pieces ordered
     * @param topItems items ordered most often
     * @param otherItems all other items
     * @param topUsers users who have ordered most often
     * @param otherUsers all other users
     */
    public record Counted(long orders, long quantity, List<Top> topItems, Sum otherItems, List<Top> topUsers, Sum otherUsers) {
    }

    /** Orders of an item or of a user. */
    public record Top(String name, long orders, long quantity) {
    }

    /** Orders of several. */
    public record Sum(long orders, long quantity) {
    }

    /** What a consumer group has counted. */
    public record Group(long received, long deadLettered, @JsonUnwrapped Counted counted) {
    }

    /** @param limit items, and users, at the most */
    static TrackerStats of(PipelineFigures figures, int limit) {
        Totals totals = figures.totals();
        Group group = figures.group() == null ? null
                : new Group(figures.group().totals().received(), figures.group().totals().deadLettered(),
                        counted(figures.group().totals(), figures.group().names(), limit));
        return new TrackerStats(totals.received(), totals.deadLettered(), figures.retries(),
                counted(totals, figures.names(), limit), figures.partitions(), group);
    }

    private static Counted counted(Totals totals, Tally names, int limit) {
        List<Top> items = top(names, ItemOrderPipeline.ITEM, limit);
        List<Top> users = top(names, ItemOrderPipeline.USER, limit);
        return new Counted(totals.processed(), totals.amount(), items, others(totals, items), users, others(totals, users));
    }

    private static List<Top> top(Tally names, String dimension, int limit) {
        return names.of(dimension).entrySet().stream().filter(entry -> !entry.getKey().isEmpty())
                .map(entry -> top(entry.getKey(), entry.getValue())).filter(top -> top.orders() > 0)
                .sorted(Comparator.comparingLong(Top::orders).thenComparingLong(Top::quantity).reversed()
                        .thenComparing(Top::name))
                .limit(limit).toList();
    }

    private static Top top(String name, Count count) {
        return new Top(name, count.processed(), count.amount());
    }

    private static Sum others(Totals totals, List<Top> top) {
        return new Sum(totals.processed() - top.stream().mapToLong(Top::orders).sum(),
                totals.amount() - top.stream().mapToLong(Top::quantity).sum());
    }
}
