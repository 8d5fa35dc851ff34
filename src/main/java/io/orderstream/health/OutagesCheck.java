package io.orderstream.health;

import java.time.Duration;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

import io.orderstream.outage.Outage;
import io.orderstream.outage.Outages;

/**
 * Readiness check that lists current outages but is always up: a new instance would find the dependency or the
 * registry just as unavailable, so a rollout must not wait for them. It covers all pipelines of the instance.
 */
@Readiness
@ApplicationScoped
public class OutagesCheck implements HealthCheck {

    private final Outages outages;

    OutagesCheck(Outages outages) {
        this.outages = outages;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("outages").up();
        outages.now().forEach(outage -> response.withData(outage.key(), describe(outage)));
        return response.build();
    }

    private String describe(Outage outage) {
        return "pipeline=%s cause=%s since=%s seconds=%d reason=\"%s\"".formatted(outage.pipeline(), outage.cause().label(),
                outage.since(), Duration.between(outage.since(), Instant.now()).toSeconds(), outage.reason());
    }
}
