package io.orderstream.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

import io.orderstream.kafka.BrokerAbsence;
import io.orderstream.kafka.BrokerWatch;
import io.orderstream.kafka.DeferredChannels;
import io.orderstream.kafka.TopicCreator;
import io.orderstream.order.OrderFormat;
import io.orderstream.outage.Outage;
import io.orderstream.outage.Outages;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;

/** The health checks that need not wait for anything. */
@ApplicationScoped
public class Checks {

    /** Up when topics exist, channels run and the schema is registered; else says what is missing. */
    @Produces
    @Startup
    HealthCheck started(TopicCreator topics, DeferredChannels channels, OrderFormat format) {
        return () -> {
            String missing = Stream.of(topics.waitingFor(), channels.waitingFor(), format.waitingFor())
                    .filter(Objects::nonNull).collect(Collectors.joining("; "));
            HealthCheckResponseBuilder response = HealthCheckResponse.named("orderstream started");
            return missing.isEmpty() ? response.up().build() : response.down().withData("waitingFor", missing).build();
        };
    }

    /**
     * Down only if nothing but a restart helps, since a dead letter cannot be written for good or the consumer no longer
     * polls. Outages and temporary failures do not count.
     */
    @Produces
    @Liveness
    HealthCheck progress(Pipelines pipelines) {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("progress").up();
            for (RunningPipeline pipeline : pipelines.running()) {
                String failure = pipeline.failure();
                if (failure != null) {
                    response.down().withData(pipeline.name(), failure);
                }
            }
            return response.build();
        };
    }

    /** Up while the broker answers. Liveness does not depend on it, since no restart would help. */
    @Produces
    @Readiness
    HealthCheck broker(BrokerWatch broker) {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("kafka broker");
            Optional<BrokerAbsence> absence = broker.absence();
            if (absence.isPresent()) {
                return response.down().withData("reason", absence.get().reason())
                        .withData("since", absence.get().since().toString()).build();
            }
            return broker.brokers() > 0 ? response.up().withData("brokers", broker.brokers()).build()
                    : response.down().withData("reason", "the broker has not answered yet").build();
        };
    }

    /**
     * Lists current outages but is always up: a new instance would find the dependency or the registry just as
     * unavailable, so a rollout must not wait for them. It covers all pipelines of the instance.
     */
    @Produces
    @Readiness
    HealthCheck outages(Outages outages) {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("outages").up();
            outages.now().forEach(outage -> response.withData(outage.key(), describe(outage)));
            return response.build();
        };
    }

    private static String describe(Outage outage) {
        return "pipeline=%s cause=%s since=%s seconds=%d reason=\"%s\"".formatted(outage.pipeline(), outage.cause().label(),
                outage.since(), Duration.between(outage.since(), Instant.now()).toSeconds(), outage.reason());
    }
}
