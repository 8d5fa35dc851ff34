package io.orderstream.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;

/** REST resource for the statistics of the order pipeline. */
@Path("/api/orders/stats")
public class OrderStatsResource {

    private final OrderStatsSource statistics;

    OrderStatsResource(OrderStatsSource statistics) {
        this.statistics = statistics;
    }

    @GET
    public Uni<OrderStats> stats() {
        return statistics.now();
    }
}
