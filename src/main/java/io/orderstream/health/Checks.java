package io.orderstream.health;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
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

import io.orderstream.commit.ConsumerState;
import io.orderstream.deadletter.DeadLetterMonitor;
import io.orderstream.deadletter.DeadLetterRefusals;
import io.orderstream.kafka.BrokerAbsence;
import io.orderstream.kafka.BrokerWatch;
import io.orderstream.kafka.DeferredChannels;
import io.orderstream.kafka.TopicCreator;
import io.orderstream.order.OrderFormat;
import io.orderstream.outage.Outage;
import io.orderstream.outage.Outages;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.redrive.RedriveService;

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
     * Down only if a consumer no longer polls, as if its thread were gone. Nothing else needs a restart: outages and refusals
     * end by themselves.
     */
    @Produces
    @Liveness
    HealthCheck progress(Pipelines pipelines) {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("progress").up();
            for (RunningPipeline pipeline : pipelines.running()) {
                String stalled = pipeline.stalledConsumer();
                if (stalled != null) {
                    response.down().withData(pipeline.name(), stalled);
                }
            }
            return response.build();
        };
    }

    /**
     * Down while the broker refuses a dead letter: its record stays unfinished until that is mended, for which nobody need
     * restart anything. Says of each pipeline how many there are, and of the one that waits longest why.
     */
    @Produces
    @Readiness
    HealthCheck deadLetters(DeadLetterRefusals refusals) {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("dead letters").up();
            refusals.now().forEach(refused -> response.down().withData(refused.pipeline(), describe(refused)));
            return response.build();
        };
    }

    private static String describe(DeadLetterRefusals.Refused refused) {
        DeadLetterRefusals.Refusal first = refused.first();
        return "refused=%d record=%s since=%s tries=%d reason=\"%s\"".formatted(refused.letters(), first.record(),
                first.since(), first.tries(), first.reason());
    }

    /**
     * Lists each right at the broker that is missing, and what does not work without. Down if a pipeline cannot do its work
     * then; what is published, listed or redriven beside them leaves it up.
     */
    @Produces
    @Readiness
    HealthCheck rights(RightsWatch watch) {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("rights").up();
            List<Right> missing = watch.missing();
            missing.stream().collect(Collectors.groupingBy(Right::resource, LinkedHashMap::new,
                    Collectors.mapping(Right::describe, Collectors.joining("; ")))).forEach(response::withData);
            return missing.stream().anyMatch(Right::isNeeded) ? response.down().build() : response.build();
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
     * Down while a consumer fails: it has had no partition, or only failed polls, for longer than a rebalance takes. It goes on
     * by itself when the cause is gone. One that has no partition because others have them all is up, and says so.
     */
    @Produces
    @Readiness
    HealthCheck consumers(Pipelines pipelines) {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("consumers").up();
            pipelines.running().forEach(pipeline -> pipeline.consumers().forEach((channel, consumer) -> {
                response.withData(channel, describe(consumer));
                if (consumer.kind() == ConsumerState.Kind.FAILING) {
                    response.down();
                }
            }));
            return response.build();
        };
    }

    /**
     * Lists what is read beside the pipelines and cannot be now: the dead letters, and the jobs of redrive. Always
     * up, since the pipelines do without.
     */
    @Produces
    @Readiness
    HealthCheck readers(DeadLetterMonitor letters, RedriveService redrive) {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("readers").up();
            letters.failures().forEach(response::withData);
            redrive.failures().forEach(response::withData);
            return response.build();
        };
    }

    private static String describe(ConsumerState consumer) {
        String kind = consumer.kind().label();
        return consumer.reason() == null ? kind
                : consumer.isWell() ? kind + ": " + consumer.reason()
                        : "%s: seconds=%d reason=\"%s\"".formatted(kind, consumer.lasting().toSeconds(), consumer.reason());
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
