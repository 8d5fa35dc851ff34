package io.orderstream.status;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

import io.orderstream.kafka.TopicCreator;
import io.orderstream.order.OrderFormat;

/** Started when the topics exist and the schema is registered; says which of the two is missing. */
@Startup
@ApplicationScoped
public class StartedCheck implements HealthCheck {

    private final TopicCreator topics;
    private final OrderFormat format;

    StartedCheck(TopicCreator topics, OrderFormat format) {
        this.topics = topics;
        this.format = format;
    }

    @Override
    public HealthCheckResponse call() {
        String missing = topics.waitingFor() != null ? topics.waitingFor() : format.waitingFor();
        return missing == null ? HealthCheckResponse.up("orderstream started")
                : HealthCheckResponse.named("orderstream started").down().withData("waitingFor", missing).build();
    }
}
