package io.orderstream.health;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

import io.orderstream.pipeline.RunningPipeline;
import io.quarkus.arc.All;

/**
 * Liveness check: down only if nothing but a restart helps, since a dead letter cannot be written for good or the
 * consumer no longer polls. Outages and temporary failures do not count.
 */
@Liveness
@ApplicationScoped
public class ProgressCheck implements HealthCheck {

    private static final String NAME = "progress";

    private final List<RunningPipeline.Owner> pipelines;

    ProgressCheck(@All List<RunningPipeline.Owner> pipelines) {
        this.pipelines = pipelines;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named(NAME).up();
        for (RunningPipeline.Owner owner : pipelines) {
            String failure = owner.consumption().failure();
            if (failure != null) {
                response.down().withData(owner.consumption().pipeline(), failure);
            }
        }
        return response.build();
    }
}
