package io.orderstream.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import org.jboss.resteasy.reactive.RestQuery;

import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.totals.GroupTotals;
import io.orderstream.tracker.ItemOrderPipeline;
import io.smallrye.mutiny.Uni;

/** REST resource for the statistics of the order tracker. */
@Path("/api/tracker/stats")
public class TrackerResource {

    static final int DEFAULT_LIMIT = 10;
    static final int LARGEST_LIMIT = 100;

    private final RunningPipeline tracker;
    private final GroupTotals groups;

    TrackerResource(Pipelines pipelines, GroupTotals groups) {
        this.tracker = pipelines.named(ItemOrderPipeline.NAME);
        this.groups = groups;
    }

    /** @param limit most items and users listed, from 1 to {@value #LARGEST_LIMIT} */
    @GET
    public Uni<TrackerStats> stats(@RestQuery String limit) {
        int most = Limits.read("limit", limit, DEFAULT_LIMIT, LARGEST_LIMIT);
        return PipelineFigures.of(tracker, groups).map(figures -> TrackerStats.of(figures, most));
    }
}
