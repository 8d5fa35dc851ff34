package io.orderstream.api;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.order.OrderPipeline;
import io.orderstream.outage.Outages;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.totals.GroupTotals;
import io.smallrye.mutiny.Uni;

/** Computes the statistics of the order pipeline. */
@ApplicationScoped
public class OrderStatsSource {

    private final RunningPipeline orders;
    private final GroupTotals groups;
    private final Outages outages;

    OrderStatsSource(Pipelines pipelines, GroupTotals groups, Outages outages) {
        this.orders = pipelines.named(OrderPipeline.NAME);
        this.groups = groups;
        this.outages = outages;
    }

    /** Computes the current statistics. Thread safe. */
    Uni<OrderStats> now() {
        return PipelineFigures.of(orders, groups).map(figures -> OrderStats.of(figures, outages.now()));
    }
}
