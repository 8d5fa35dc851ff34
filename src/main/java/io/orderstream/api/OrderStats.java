package io.orderstream.api;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import io.orderstream.outage.Outage;
import io.orderstream.totals.Totals;

/**
 * What {@code GET /api/orders/stats} answers.
 *
 * @param received records this instance has taken
 * @param processed orders whose handler succeeded
 * @param deadLettered records confirmed in the dead-letter topic
 * @param retries attempts beyond the first, since this instance started
 * @param revenue sum of the processed orders' prices, exact
 * @param average revenue per processed order
 * @param partitions where this instance stands in each of its partitions
 * @param group the whole consumer group as of its last commits, or null while the broker does not answer
 * @param outages what is being waited for now, by pipeline and cause
 */
public record OrderStats(long received, long processed, long deadLettered, long retries, BigDecimal revenue,
        BigDecimal average, List<PipelineFigures.Partition> partitions, Group group, List<OutageNow> outages) {

    /** Totals of a consumer group, summed over all partitions. */
    public record Group(long received, long processed, long deadLettered, BigDecimal revenue, BigDecimal average) {

        static Group of(Totals totals) {
            return new Group(totals.received(), totals.processed(), totals.deadLettered(), totals.revenue(), totals.average());
        }
    }

    /**
     * An outage there is.
     *
     * @param pipeline who waits
     * @param cause what is down: {@code dependency}, {@code registry} or {@code broker}
     * @param since when it was noticed
     * @param reason the failure by which it was noticed
     */
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
