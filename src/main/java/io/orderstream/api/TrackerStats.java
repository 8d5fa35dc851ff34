package io.orderstream.api;

import java.util.Comparator;
import java.util.List;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jetbrains.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.orderstream.totals.Tally;
import io.orderstream.totals.Tally.Count;
import io.orderstream.totals.Totals;
import io.orderstream.tracker.ItemOrderPipeline;

/**
 * Response of {@code GET /api/tracker/stats}: {@link PipelineFigures}.
 *
 * @param counted item orders processed by this instance
 */
public record TrackerStats(long received, long deadLettered, long retries, @JsonUnwrapped Counted counted,
        List<PipelineFigures.Partition> partitions, @Nullable Group group) {

    /**
     * Processed item orders. Top and other entries add up to all of them.
     *
     * @param orders number of item orders
     * @param quantity number of pieces ordered
     * @param topItems items ordered most often
     * @param otherItems sum over all other items
     * @param topUsers users with the most orders
     * @param otherUsers sum over all other users
     */
    public record Counted(long orders, long quantity, List<Top> topItems, Sum otherItems, List<Top> topUsers, Sum otherUsers) {
    }

    /** Item orders of one item or one user. */
    public record Top(String name, long orders, long quantity) {
    }

    /** Item orders of several items or users. */
    public record Sum(long orders, long quantity) {
    }

    /** Totals of a consumer group. */
    @Schema(name = "ItemOrderGroupTotals")
    public record Group(long received, long deadLettered, @JsonUnwrapped Counted counted) {
    }

    /** @param limit most items and users listed */
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
