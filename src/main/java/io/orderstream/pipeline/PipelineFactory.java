package io.orderstream.pipeline;

import java.util.List;
import java.util.function.UnaryOperator;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.orderstream.commit.TotalsCommitFactory;
import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.kafka.BrokerWatch;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.outage.OutageSettings;
import io.orderstream.outage.Outages;
import io.orderstream.pipeline.PipelineSettings.RetryMode;
import io.orderstream.pipeline.RunningPipeline.Source;
import io.orderstream.totals.RunningAverage;
import io.orderstream.trace.Tracing;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;

/** Makes the parts of a pipeline, of which there are several of a kind. */
@ApplicationScoped
public class PipelineFactory {

    private final PipelineSettings settings;
    private final OutageSettings outageSettings;
    private final TotalsCommitFactory commits;
    private final RunningAverage average;
    private final Retries inPlace;
    private final Outages outages;
    private final CircuitBreakerMaintenance states;
    private final BrokerWatch broker;
    private final Tracing tracing;
    private final Vertx vertx;
    private final MeterRegistry registry;

    PipelineFactory(PipelineSettings settings, OutageSettings outageSettings, TotalsCommitFactory commits,
            RunningAverage average, Retries inPlace, Outages outages, CircuitBreakerMaintenance states, BrokerWatch broker,
            Tracing tracing, Vertx vertx, MeterRegistry registry) {
        this.settings = settings;
        this.outageSettings = outageSettings;
        this.commits = commits;
        this.average = average;
        this.inPlace = inPlace;
        this.outages = outages;
        this.states = states;
        this.broker = broker;
        this.tracing = tracing;
        this.vertx = vertx;
        this.registry = registry;
    }

    /**
     * Makes the outage breaker of a pipeline.
     *
     * @param pipeline its name, which is that of the circuit breaker as well
     * @param calls a method with {@code @CircuitBreaker} of that name, and without a delay, that gives back its argument
     */
    public OutageBreaker breaker(String pipeline, UnaryOperator<Uni<Void>> calls) {
        OutageBreaker breaker = new OutageBreaker(outages.of(pipeline), calls, outageSettings, settings.maxInFlight(), vertx);
        states.onStateChange(pipeline, breaker::changed);
        return breaker;
    }

    /** Retries in place, whatever {@code RETRY_MODE} is. */
    public RetryPolicy retriesInPlace() {
        return RetryPolicy.of(settings, inPlace, RetryMode.IN_PLACE, null);
    }

    /**
     * Retries as {@code RETRY_MODE} has it.
     *
     * @param topic the retry topic
     */
    public RetryPolicy retries(String topic) {
        return RetryPolicy.of(settings, inPlace, settings.retryMode(), topic);
    }

    /**
     * Makes the pipeline of a channel.
     *
     * @param pipeline name of the pipeline as a whole
     * @param channel name of the channel
     * @param steps what is done with each record
     * @param retries how the attempts after the first are made
     * @param letters writes what is given up
     */
    public <T> ChannelPipeline<T> channel(String pipeline, String channel, Steps<T> steps, RetryPolicy retries,
            DeadLetterWriter letters) {
        PipelineMeters meters = meters(pipeline);
        return new ChannelPipeline<>(channel, commits, broker::presentFor,
                made -> new Pipeline<>(steps.withTracing(tracing), retries, made, meters, letters, settings.maxInFlight()));
    }

    private PipelineMeters meters(String pipeline) {
        return new PipelineMeters(registry, pipeline, average.of(pipeline));
    }

    /** The same for the channel of a retry topic. */
    public <T> ChannelPipeline<T> retryChannel(String pipeline, String channel, Steps<T> steps, RetryPolicy retries,
            DeadLetterWriter letters) {
        PipelineMeters meters = meters(pipeline);
        return new ChannelPipeline<>(channel, commits, broker::presentFor,
                made -> Pipeline.ofRetryTopic(steps.withTracing(tracing), retries, made, meters, letters,
                        settings.retryMaxWaiting()));
    }

    /**
     * Takes the channels of a pipeline together.
     *
     * @param sources what they read, in the same order
     */
    public RunningPipeline consumption(String pipeline, Steps<?> steps, List<Source> sources,
            List<? extends ChannelPipeline<?>> channels) {
        return new RunningPipeline(pipeline, average.of(pipeline), steps, sources, channels, settings.drainTimeout());
    }
}
