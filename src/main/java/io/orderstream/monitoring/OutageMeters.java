package io.orderstream.monitoring;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.orderstream.event.EventProcessor;
import io.orderstream.event.EventSettings;
import io.orderstream.metrics.Metric;
import io.orderstream.order.OrderProcessor;
import io.orderstream.outage.OutageCause;
import io.orderstream.outage.Outages;
import io.orderstream.outage.PipelineOutages;
import io.orderstream.tracker.OrderTracker;
import io.orderstream.tracker.TrackerSettings;

/** Whether a pipeline is in outage, and for how long it has been: of every cause, also when there never was one. */
@ApplicationScoped
public class OutageMeters implements MeterBinder {

    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    private final Outages outages;
    private final List<String> pipelines;

    @Inject
    OutageMeters(Outages outages, EventSettings events, TrackerSettings tracker) {
        // By the settings: metrics are bound before the pipelines are made.
        this(outages, Stream.of(OrderProcessor.PIPELINE, events.enabled() ? EventProcessor.PIPELINE : null,
                tracker.enabled() ? OrderTracker.PIPELINE : null).filter(Objects::nonNull).toList());
    }

    OutageMeters(Outages outages, List<String> pipelines) {
        this.outages = outages;
        this.pipelines = pipelines;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        // Metrics are bound before the pipelines start: asking for their outages makes them known.
        for (String pipeline : pipelines) {
            for (OutageCause cause : OutageCause.values()) {
                bind(registry, outages.of(pipeline), cause);
            }
        }
    }

    private static void bind(MeterRegistry registry, PipelineOutages pipeline, OutageCause cause) {
        Metric.OUTAGE.gauge(registry, pipeline, known -> known.isOut(cause) ? 1 : 0, pipeline.pipeline(), cause.label());
        Metric.OUTAGE_SECONDS.counter(registry, pipeline, known -> known.total(cause).toNanos() / NANOS, pipeline.pipeline(),
                cause.label());
    }
}
