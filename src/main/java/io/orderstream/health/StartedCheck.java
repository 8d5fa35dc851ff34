package io.orderstream.health;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

import io.orderstream.kafka.DeferredChannels;
import io.orderstream.kafka.TopicCreator;
import io.orderstream.order.OrderFormat;

/** Startup check: up when topics exist, channels run and the schema is registered; else says what is missing. */
@Startup
@ApplicationScoped
public class StartedCheck implements HealthCheck {

    private final TopicCreator topics;
    private final DeferredChannels channels;
    private final OrderFormat format;

    StartedCheck(TopicCreator topics, DeferredChannels channels, OrderFormat format) {
        this.topics = topics;
        this.channels = channels;
        this.format = format;
    }

    @Override
    public HealthCheckResponse call() {
        String missing = Stream.of(topics.waitingFor(), channels.waitingFor(), format.waitingFor()).filter(Objects::nonNull)
                .collect(Collectors.joining("; "));
        return missing.isEmpty() ? HealthCheckResponse.up("orderstream started")
                : HealthCheckResponse.named("orderstream started").down().withData("waitingFor", missing).build();
    }
}
