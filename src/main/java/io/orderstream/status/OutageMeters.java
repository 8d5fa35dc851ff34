package io.orderstream.status;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.orderstream.order.OrderOutages;
import io.orderstream.pipeline.OutageCause;
import io.orderstream.pipeline.Outages;
import io.orderstream.pipeline.PipelineOutages;

/** Whether a pipeline is in outage, and for how long it has been: of every cause, also when there never was one. */
@ApplicationScoped
public class OutageMeters implements MeterBinder {

    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    private final Outages outages;

    OutageMeters(Outages outages) {
        this.outages = outages;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        EarlierMeters.remove(registry, MetricNames.OUTAGE, MetricNames.OUTAGE_SECONDS);
        // Metrics are bound before the pipelines start: asking for its outages makes this one known.
        PipelineOutages orders = outages.of(OrderOutages.PIPELINE);
        for (OutageCause cause : OutageCause.values()) {
            bind(registry, orders, cause);
        }
    }

    private static void bind(MeterRegistry registry, PipelineOutages pipeline, OutageCause cause) {
        Tags tags = Tags.of(MetricNames.PIPELINE, pipeline.pipeline(), MetricNames.CAUSE, cause.label());
        Gauge.builder(MetricNames.OUTAGE, pipeline, known -> known.isOut(cause) ? 1 : 0)
                .description("Whether the pipeline waits because something else is down").tags(tags).register(registry);
        FunctionCounter.builder(MetricNames.OUTAGE_SECONDS, pipeline, known -> known.total(cause).toNanos() / NANOS)
                .description("Time the pipeline has waited in outages").tags(tags).register(registry);
    }
}
