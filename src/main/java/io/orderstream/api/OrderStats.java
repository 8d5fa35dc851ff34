package io.orderstream.api;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jetbrains.annotations.Nullable;

import io.orderstream.outage.Outage;
import io.orderstream.totals.Totals;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Response of {@code GET /api/orders/stats}: {@link PipelineFigures}.
 *
 * @param processed orders whose handler succeeded
 * @param revenue exact sum of the processed orders' prices
 * @param average revenue per processed order
 * @param outages current outages of all pipelines
 */
public record OrderStats(long received, long processed, long deadLettered, long retries, BigDecimal revenue,
        BigDecimal average, List<PipelineFigures.Partition> partitions, @Nullable Group group, List<OutageNow> outages) {

    /** Totals, such as those of a consumer group, summed over all partitions. */
    @RegisterForReflection
    @Schema(name = "OrderGroupTotals")
    public record Group(long received, long processed, long deadLettered, BigDecimal revenue, BigDecimal average) {

        static Group of(Totals totals) {
            return new Group(totals.received(), totals.processed(), totals.deadLettered(), totals.revenue(), totals.average());
        }
    }

    /** A current {@link Outage}. */
    public record OutageNow(String pipeline, String cause, Instant since, String reason) {

        static OutageNow of(Outage outage) {
            return new OutageNow(outage.pipeline(), outage.cause().label(), outage.since(), outage.reason());
        }
    }

    static OrderStats of(PipelineFigures figures, List<Outage> outages) {
        Totals totals = figures.totals();
        return new OrderStats(totals.received(), totals.processed(), totals.deadLettered(), figures.retries(),
                totals.revenue(), totals.average(), figures.partitions(),
                figures.group() == null ? null : Group.of(figures.group().totals()),
                outages.stream().map(OutageNow::of).toList());
    }
}
