package io.orderstream.health;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

import io.orderstream.commit.PartitionState;
import io.orderstream.outage.Outages;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/**
 * Readiness check: down while the oldest unfinished record of a partition is older than {@code STUCK_AFTER}, or its
 * next record could not be fetched for as long. Listed partitions have topic, offset and age. Processing goes on, so
 * the check recovers when the record is finished. During an outage of the pipeline, and for {@code STUCK_AFTER} after
 * it, such partitions are listed but the check stays up.
 */
@Readiness
@ApplicationScoped
public class StuckPartitionsCheck implements AsyncHealthCheck {

    private static final String NAME = "partitions";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /**
     * The partitions of a pipeline whose oldest unfinished record is too old, and whether they count as stuck. In an
     * outage all records grow old, and after it those that waited need some time to be finished.
     *
     * @param assigned number of partitions assigned
     * @param old partitions whose oldest unfinished record is too old
     * @param isExcused whether the pipeline is in an outage, or was recently
     */
    record StuckPartitions(int assigned, List<PartitionState> old, boolean isExcused) {

        /**
         * @param stuckAfter age above which a record is too old, and the time that must have passed since an outage
         * @param sinceLastOutage time since the last outage of the pipeline, zero while there is one
         */
        static StuckPartitions of(List<PartitionState> partitions, Duration stuckAfter, Duration sinceLastOutage) {
            return new StuckPartitions(partitions.size(),
                    partitions.stream().filter(state -> state.oldestAge().compareTo(stuckAfter) > 0).toList(),
                    sinceLastOutage.compareTo(stuckAfter) < 0);
        }

        boolean areStuck() {
            return !old.isEmpty() && !isExcused;
        }
    }

    private final Pipelines pipelines;
    private final Outages outages;
    private final Duration stuckAfter;

    StuckPartitionsCheck(Pipelines pipelines, Outages outages, PipelineSettings settings) {
        this.pipelines = pipelines;
        this.outages = outages;
        this.stuckAfter = settings.stuckAfter();
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Multi.createFrom().iterable(pipelines.running()).onItem().transformToUniAndMerge(this::look).collect().asList()
                .map(this::response)
                .ifNoItem().after(TIMEOUT).recoverWithItem(() -> HealthCheckResponse.named(NAME).down()
                        .withData("reason", "an event loop does not answer: does a handler block it?").build());
    }

    private Uni<StuckPartitions> look(RunningPipeline pipeline) {
        return pipeline.partitions().map(
                partitions -> StuckPartitions.of(partitions, stuckAfter, outages.of(pipeline.name()).sinceLast()));
    }

    private HealthCheckResponse response(List<StuckPartitions> looks) {
        HealthCheckResponseBuilder response = HealthCheckResponse.named(NAME)
                .status(looks.stream().noneMatch(StuckPartitions::areStuck))
                .withData("assigned", looks.stream().mapToInt(StuckPartitions::assigned).sum());
        looks.stream().flatMap(look -> look.old().stream())
                .forEach(state -> response.withData(state.partition().toString(), describe(state)));
        if (looks.stream().anyMatch(look -> look.isExcused() && !look.old().isEmpty())) {
            response.withData("excuse", "there is an outage, or one has ended less than " + stuckAfter.toSeconds() + "s ago");
        }
        return response.build();
    }

    private static String describe(PartitionState stuck) {
        return "topic=%s partition=%d offset=%d age=%ds inWork=%d%s".formatted(stuck.partition().topic(),
                stuck.partition().partition(), stuck.watermark(), stuck.oldestAge().toSeconds(), stuck.inWork(),
                stuck.inWork() == 0 ? ": cannot be fetched" : "");
    }
}
