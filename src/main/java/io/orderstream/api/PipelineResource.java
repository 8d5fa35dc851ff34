package io.orderstream.api;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;

import org.jboss.resteasy.reactive.RestPath;

import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.totals.GroupTotals;
import io.orderstream.totals.Totals;
import io.smallrye.mutiny.Uni;

/** Shows the statistics of any pipeline, also of one that has no resource of its own. */
@Path("/api/pipelines")
public class PipelineResource {

    private final Pipelines pipelines;
    private final GroupTotals groups;

    PipelineResource(Pipelines pipelines, GroupTotals groups) {
        this.pipelines = pipelines;
        this.groups = groups;
    }

    /**
     * What {@code GET /api/pipelines/<name>/stats} answers.
     *
     * @param totals what this instance has counted
     * @param retries attempts beyond the first, since this instance started
     * @param partitions where this instance stands in each of its partitions
     * @param group the whole consumer group as of its last commits, or null while the broker does not answer
     */
    public record Stats(Totals totals, long retries, List<PipelineFigures.Partition> partitions, Totals group) {
    }

    /** The names of the pipelines that are switched on. */
    @GET
    public List<String> names() {
        return pipelines.running().stream().map(RunningPipeline::name).toList();
    }

    @GET
    @Path("{name}/stats")
    public Uni<Stats> stats(@RestPath String name) {
        if (!names().contains(name)) {
            throw new NotFoundException();
        }
        return PipelineFigures.of(pipelines.named(name), groups).map(figures -> new Stats(figures.totals(), figures.retries(),
                figures.partitions(), figures.group() == null ? null : figures.group().totals()));
    }
}
