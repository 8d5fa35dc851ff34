package io.orderstream.monitoring;

import java.time.Duration;
import java.util.List;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.micrometer.core.instrument.MeterRegistry;
import io.orderstream.metrics.Metric;
import io.orderstream.outage.OutageCause;
import io.orderstream.outage.Outages;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.StartupEvent;

/** Meters for outages of each pipeline, current state and total seconds; registered for every cause. */
@ApplicationScoped
public class OutageMeters {

    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    private final MeterRegistry registry;
    private final Outages outages;
    private final Pipelines pipelines;

    OutageMeters(MeterRegistry registry, Outages outages, Pipelines pipelines) {
        this.registry = registry;
        this.outages = outages;
        this.pipelines = pipelines;
    }

    /** Before the broker is watched, whose absence is the first outage there may be. */
    void start(@Observes @Priority(Lifecycle.Start.OUTAGE_METERS) StartupEvent event) {
        bind(registry, outages, pipelines.running().stream().map(RunningPipeline::name).toList());
    }

    static void bind(MeterRegistry registry, Outages outages, List<String> pipelines) {
        for (String pipeline : pipelines) {
            for (OutageCause cause : OutageCause.values()) {
                Metric.OUTAGE.gauge(registry, outages.of(pipeline), known -> known.isOut(cause) ? 1 : 0, pipeline,
                        cause.label());
                Metric.OUTAGE_SECONDS.counter(registry, outages.of(pipeline), known -> known.total(cause).toNanos() / NANOS,
                        pipeline, cause.label());
            }
        }
    }
}
