package io.orderstream.health;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;

/**
 * Down only when a restart is the sole way on: a dead letter could not be written for good, or the consumer does not poll any
 * more. An outage or a failure that passes is neither.
 */
@Liveness
@ApplicationScoped
public class ProgressCheck implements HealthCheck {

    private static final String NAME = "progress";

    private final Pipelines pipelines;

    ProgressCheck(Pipelines pipelines) {
        this.pipelines = pipelines;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named(NAME).up();
        for (RunningPipeline pipeline : pipelines.running()) {
            String failure = pipeline.failure();
            if (failure != null) {
                response.down().withData(pipeline.name(), failure);
            }
        }
        return response.build();
    }
}
