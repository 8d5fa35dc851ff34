package io.orderstream.pipeline;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.Config;

import io.micrometer.core.instrument.MeterRegistry;
import io.orderstream.commit.Counting;
import io.orderstream.commit.TotalsCommitFactory;
import io.orderstream.deadletter.DeadLetterRefusals;
import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.kafka.BrokerWatch;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.outage.OutageSettings;
import io.orderstream.outage.Outages;
import io.orderstream.record.Delivery;
import io.orderstream.support.Standstill;
import io.orderstream.totals.RunningAverage;
import io.orderstream.trace.Tracing;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.vertx.core.Vertx;

/** Makes a pipeline of its definition, and of the settings that hold for all of them. */
@ApplicationScoped
class PipelineFactory {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final String CHANNEL = "-in";
    private static final String RETRY_CHANNEL = "-retry-in";

    private final Config config;
    private final PipelineSettings settings;
    private final OutageSettings outageSettings;
    private final TotalsCommitFactory commits;
    private final RunningAverage average;
    private final Retries inPlace;
    private final HandlerThreads threads;
    private final Outages outages;
    private final BrokerWatch broker;
    private final Tracing tracing;
    private final Standstill standstill;
    private final Vertx vertx;
    private final MeterRegistry registry;
    private final DeadLetterRefusals refusals;

    PipelineFactory(Config config, PipelineSettings settings, OutageSettings outageSettings, TotalsCommitFactory commits,
            RunningAverage average, Retries inPlace, HandlerThreads threads, Outages outages, BrokerWatch broker,
            Tracing tracing, Standstill standstill, Vertx vertx, MeterRegistry registry, DeadLetterRefusals refusals) {
        this.config = config;
        this.settings = settings;
        this.outageSettings = outageSettings;
        this.commits = commits;
        this.average = average;
        this.inPlace = inPlace;
        this.threads = threads;
        this.outages = outages;
        this.broker = broker;
        this.tracing = tracing;
        this.standstill = standstill;
        this.vertx = vertx;
        this.registry = registry;
        this.refusals = refusals;
    }

    /**
     * Makes a pipeline.
     *
     * @throws ConfigurationException if its name is none, or its channels are not configured as they have to be
     */
    <T> RunningPipeline make(PipelineDefinition<T> bean) {
        // Each call of the bean behind the proxy is quicker.
        PipelineDefinition<T> definition = ClientProxy.unwrap(bean);
        String name = definition.name();
        if (name == null || !NAME.matcher(name).matches()) {
            throw new ConfigurationException(
                    "The name of a pipeline must be lower-case letters, digits and hyphens, but that of "
                            + definition.getClass().getName() + " is '" + name + "'.");
        }
        ChannelConfig channel = ChannelConfig.read(config, name + CHANNEL, KafkaFailureHandler.Strategy.DEAD_LETTER_QUEUE);
        ChannelConfig retried = ChannelConfig.isConfigured(config, name + RETRY_CHANNEL)
                ? ChannelConfig.read(config, name + RETRY_CHANNEL, OriginDeadLetterQueue.STRATEGY)
                : null;
        boolean isOn = ChannelConfig.isEnabled(config, channel.channel());
        // One that is switched off gets no record: neither outages nor metrics are to know of it.
        PipelineParts<T> parts = isOn ? parts(definition, channel.group(), retried == null ? null : retried.topic()) : null;
        List<ChannelPipeline<?>> channels = new ArrayList<>();
        channels.add(channel(channel, parts, false));
        if (retried != null) {
            channels.add(channel(retried, parts, true));
        }
        return new RunningPipeline(name, isOn, average.of(name),
                definition.countKeys().isPresent() ? Counting.NAMES_LENGTH : 0, isOn ? parts.breaker() : null,
                List.copyOf(channels));
    }

    private <T> PipelineParts<T> parts(PipelineDefinition<T> definition, String group, String retryTopic) {
        Function<Delivery<T>, Uni<Void>> handler = definition::handle;
        String name = definition.name();
        return new PipelineParts<>(definition, definition.isBlocking() ? threads.offload(handler) : handler,
                new OutageBreaker(outages.of(name), outageSettings, settings.maxInFlight(), vertx),
                RetryPolicy.of(settings, inPlace, retryTopic), new PipelineMeters(registry, name, average.of(name)),
                new DeadLetterWriter(group, Clock.systemUTC(), definition::completeDeadLetter, refusals.of(name),
                        () -> broker.absence().isPresent()),
                tracing, standstill);
    }

    private <T> ChannelPipeline<T> channel(ChannelConfig channel, PipelineParts<T> parts, boolean isRetryTopic) {
        return new ChannelPipeline<>(channel, commits, broker::presentFor,
                strategy -> new Pipeline<>(parts, strategy, settings.maxInFlight(), settings.retryMaxWaiting(), isRetryTopic));
    }
}
