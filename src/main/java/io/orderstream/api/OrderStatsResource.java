package io.orderstream.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.orderstream.order.OrderPipeline;
import io.orderstream.outage.Outages;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.totals.GroupTotals;
import io.smallrye.mutiny.Uni;

/** REST resource for the statistics of the order pipeline. */
@Path("/api/orders/stats")
public class OrderStatsResource {

    private final RunningPipeline orders;
    private final GroupTotals groups;
    private final Outages outages;

    OrderStatsResource(Pipelines pipelines, GroupTotals groups, Outages outages) {
        this.orders = pipelines.named(OrderPipeline.NAME);
        this.groups = groups;
        this.outages = outages;
    }

    /** The statistics as of now; may be asked for on any thread. */
    @GET
    public Uni<OrderStats> stats() {
        return PipelineFigures.of(orders, groups).map(figures -> OrderStats.of(figures, outages.now()));
    }
}
