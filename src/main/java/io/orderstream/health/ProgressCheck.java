package io.orderstream.health;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;

/**
 * Liveness check: down only if nothing but a restart helps, since a dead letter cannot be written for good or the
 * consumer no longer polls. Outages and temporary failures do not count.
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
