package io.orderstream.status;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

import io.orderstream.order.OrderProcessor;

/**
 * Down only when a restart is the sole way on: a dead letter could not be written for good, or the consumer does not poll any
 * more. An outage or a failure that passes is neither.
 */
@Liveness
@ApplicationScoped
public class ProgressCheck implements HealthCheck {

    private final OrderProcessor processor;

    ProgressCheck(OrderProcessor processor) {
        this.processor = processor;
    }

    @Override
    public HealthCheckResponse call() {
        String failure = processor.failure();
        return failure == null ? HealthCheckResponse.up("orders progress")
                : HealthCheckResponse.named("orders progress").down().withData("reason", failure).build();
    }
}
