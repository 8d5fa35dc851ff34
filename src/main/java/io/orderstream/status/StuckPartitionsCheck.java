package io.orderstream.status;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

import io.orderstream.average.PartitionState;
import io.orderstream.order.OrderOutages;
import io.orderstream.order.OrderProcessor;
import io.orderstream.pipeline.Outages;
import io.orderstream.pipeline.PipelineOutages;
import io.orderstream.pipeline.PipelineSettings;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;

/**
 * Not ready while the oldest unfinished record of a partition is older than {@code STUCK_AFTER}: says which one, and for how
 * long. Nothing is closed for it, so it is ready again as soon as that record is finished. While the pipeline is in outage, and
 * for {@code STUCK_AFTER} behind it, such a partition is listed and does not count.
 */
@Readiness
@ApplicationScoped
public class StuckPartitionsCheck implements AsyncHealthCheck {

    private static final String NAME = "orders partitions";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final OrderProcessor processor;
    private final PipelineOutages outages;
    private final Duration stuckAfter;

    StuckPartitionsCheck(OrderProcessor processor, Outages outages, PipelineSettings settings) {
        this.processor = processor;
        this.outages = outages.of(OrderOutages.PIPELINE);
        this.stuckAfter = settings.stuckAfter();
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return processor.partitions().map(this::response)
                .ifNoItem().after(TIMEOUT).recoverWithItem(() -> HealthCheckResponse.named(NAME).down()
                        .withData("reason", "the event loop does not answer: does a handler block it?").build());
    }

    private HealthCheckResponse response(List<PartitionState> partitions) {
        StuckPartitions stuck = StuckPartitions.of(partitions, stuckAfter, outages.sinceLast());
        HealthCheckResponseBuilder response = HealthCheckResponse.named(NAME).status(!stuck.areStuck())
                .withData("assigned", partitions.size());
        stuck.old().forEach(state -> response.withData(state.partition().toString(), describe(state)));
        if (stuck.isExcused() && !stuck.old().isEmpty()) {
            response.withData("excuse", "there is an outage, or one has ended less than " + stuckAfter.toSeconds() + "s ago");
        }
        return response.build();
    }

    private static String describe(PartitionState stuck) {
        return "topic=%s partition=%d offset=%d age=%ds inWork=%d".formatted(stuck.partition().topic(),
                stuck.partition().partition(), stuck.watermark(), stuck.oldestAge().toSeconds(), stuck.inWork());
    }
}
