package io.orderstream.api;

import java.util.List;
import java.util.Set;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response.Status;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jetbrains.annotations.Nullable;

import io.orderstream.event.EventPipeline;
import io.orderstream.event.EventSchemas;
import io.orderstream.order.OrderPipeline;
import io.orderstream.outage.Outages;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.totals.GroupTotals;
import io.orderstream.totals.Totals;
import io.orderstream.tracker.ItemOrderPipeline;
import io.smallrye.mutiny.Uni;

/** REST resource for the statistics of the pipelines, also of one that has no statistics of its own. */
@Path("/api")
@Tag(name = "Statistics")
public class StatsResource {

    static final int DEFAULT_LIMIT = 10;
    static final int LARGEST_LIMIT = 100;

    private static final String MOST = "Most users and items listed: from 1 to " + LARGEST_LIMIT + ", or " + DEFAULT_LIMIT;

    private final Pipelines pipelines;
    private final GroupTotals groups;
    private final ConsumerGroups members;
    private final Outages outages;
    private final Set<String> eventTypes;

    StatsResource(Pipelines pipelines, GroupTotals groups, ConsumerGroups members, Outages outages, EventSchemas schemas) {
        this.pipelines = pipelines;
        this.groups = groups;
        this.members = members;
        this.outages = outages;
        this.eventTypes = schemas.validator().types().names();
    }

    /**
     * What {@code GET /api/pipelines/<name>/stats} answers: {@link PipelineFigures} without its names.
     *
     * @param group the whole consumer group as of its last commits, or null while the broker does not answer
     */
    public record Stats(Totals totals, long retries, List<PipelineFigures.Partition> partitions, @Nullable Totals group) {
    }

    /** The statistics as of now; may be asked for on any thread. */
    @GET
    @Path("orders/stats")
    @Operation(summary = "Totals of the orders, with the lag of each partition, and current outages of all pipelines")
    public Uni<OrderStats> orders() {
        return figures(OrderPipeline.NAME).map(figures -> OrderStats.of(figures, outages.now()));
    }

    /** Returns the totals, also by event type. */
    @GET
    @Path("events/stats")
    @Operation(summary = "Totals of the events, also by type")
    public Uni<EventStats> events() {
        return figures(EventPipeline.NAME).map(figures -> EventStats.of(figures, eventTypes));
    }

    /** @param limit most items and users listed, from 1 to {@value #LARGEST_LIMIT} */
    @GET
    @Path("tracker/stats")
    @Operation(summary = "Totals of the item orders, with the users and items that have most of them")
    public Uni<TrackerStats> tracker(
            @Parameter(description = MOST, schema = @Schema(type = SchemaType.INTEGER)) @RestQuery String limit) {
        int most = Limits.read("limit", limit, DEFAULT_LIMIT, LARGEST_LIMIT);
        return figures(ItemOrderPipeline.NAME).map(figures -> TrackerStats.of(figures, most));
    }

    /** The names of the pipelines that are switched on. */
    @GET
    @Path("pipelines")
    @Operation(summary = "Names of the pipelines that are switched on")
    public List<String> names() {
        return pipelines.running().stream().map(RunningPipeline::name).toList();
    }

    @GET
    @Path("pipelines/{name}/stats")
    @Operation(summary = "Totals of any pipeline")
    public Uni<Stats> stats(@Parameter(description = "Name of the pipeline") @RestPath String name) {
        return figures(running(name)).map(figures -> new Stats(figures.totals(), figures.retries(), figures.partitions(),
                figures.group() == null ? null : figures.group().totals()));
    }

    /**
     * The pipeline of a name.
     *
     * @throws NotFoundException if there is none, or it is switched off
     */
    RunningPipeline running(String name) {
        RunningPipeline pipeline;
        try {
            pipeline = pipelines.named(name);
        } catch (IllegalArgumentException e) {
            throw notFound(e.getMessage());
        }
        if (!pipeline.isOn()) {
            throw notFound("the pipeline '" + name + "' is switched off");
        }
        return pipeline;
    }

    private static NotFoundException notFound(String detail) {
        return new NotFoundException(FailureAnswers.answer(Status.NOT_FOUND, detail).build());
    }

    /** Returns the consumer groups of the pipelines, with the instances that are their members. */
    @GET
    @Path("instances")
    @Operation(summary = "Consumer groups of the pipelines, and which instance has which partitions")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "503", description = "The broker does not answer")
    public Uni<List<ConsumerGroupView>> instances() {
        return members.all().onFailure().transform(FailureAnswers::noAnswer);
    }

    private Uni<PipelineFigures> figures(String pipeline) {
        return figures(pipelines.named(pipeline));
    }

    /** What all statistics of a pipeline are made of. */
    Uni<PipelineFigures> figures(RunningPipeline pipeline) {
        return PipelineFigures.of(pipeline, groups);
    }
}
