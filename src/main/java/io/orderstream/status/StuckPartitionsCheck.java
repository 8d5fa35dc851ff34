package io.orderstream.status;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

import io.orderstream.average.PartitionState;
import io.orderstream.order.OrderProcessor;
import io.orderstream.pipeline.PipelineSettings;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;

/**
 * Not ready while the oldest unfinished record of a partition is older than {@code STUCK_AFTER}: says which one, and for how
 * long. Nothing is closed for it, so it is ready again as soon as that record is finished.
 */
@Readiness
@ApplicationScoped
public class StuckPartitionsCheck implements AsyncHealthCheck {

    private static final String NAME = "orders partitions";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final OrderProcessor processor;
    private final Duration stuckAfter;

    StuckPartitionsCheck(OrderProcessor processor, PipelineSettings settings) {
        this.processor = processor;
        this.stuckAfter = settings.stuckAfter();
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return processor.partitions().map(this::response)
                .ifNoItem().after(TIMEOUT).recoverWithItem(() -> HealthCheckResponse.named(NAME).down()
                        .withData("reason", "the event loop does not answer: does a handler block it?").build());
    }

    private HealthCheckResponse response(List<PartitionState> partitions) {
        List<PartitionState> stuck = partitions.stream().filter(state -> state.oldestAge().compareTo(stuckAfter) > 0).toList();
        HealthCheckResponseBuilder response = HealthCheckResponse.named(NAME).status(stuck.isEmpty())
                .withData("assigned", partitions.size());
        stuck.forEach(state -> response.withData(state.partition().toString(), describe(state)));
        return response.build();
    }

    private static String describe(PartitionState stuck) {
        return "topic=%s partition=%d offset=%d age=%ds inWork=%d".formatted(stuck.partition().topic(),
                stuck.partition().partition(), stuck.watermark(), stuck.oldestAge().toSeconds(), stuck.inWork());
    }
}
