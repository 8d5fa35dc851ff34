package io.orderstream.monitoring;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.orderstream.metrics.Metric;
import io.orderstream.outage.OutageCause;
import io.orderstream.outage.Outages;
import io.orderstream.outage.PipelineOutages;

/** Whether a pipeline is in outage, and for how long it has been: of every cause, also when there never was one. */
@ApplicationScoped
public class OutageMeters implements MeterBinder {

    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    private final Outages outages;
    private final List<String> pipelines;

    @Inject
    OutageMeters(Outages outages, Pipelines pipelines) {
        this(outages, pipelines.names());
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
