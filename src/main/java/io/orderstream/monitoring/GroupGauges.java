package io.orderstream.monitoring;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.apache.kafka.common.KafkaException;

import io.micrometer.core.instrument.MeterRegistry;
import io.orderstream.metrics.Metric;
import io.orderstream.order.OrderPipeline;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.support.Lifecycle;
import io.orderstream.totals.GroupTotals;
import io.orderstream.totals.Totals;
import io.quarkus.runtime.StartupEvent;

/**
 * Gauges for the committed totals of each pipeline's consumer group, which {@link LagMonitor} reads with its lag; NaN before
 * the first read. While the broker is unavailable they keep their last value, since nothing is committed.
 */
@ApplicationScoped
public class GroupGauges {

    private final MeterRegistry registry;
    private final List<RunningPipeline> pipelines;
    private final Map<String, Totals> read = new ConcurrentHashMap<>();

    GroupGauges(MeterRegistry registry, Pipelines pipelines) {
        this.registry = registry;
        this.pipelines = pipelines.running();
    }

    /** Starts after the channels. */
    void start(@Observes @Priority(Lifecycle.Start.MONITORING) StartupEvent event) {
        for (RunningPipeline pipeline : pipelines) {
            String name = pipeline.name();
            gauge(Metric.GROUP_RECEIVED, name, Totals::received, name);
            gauge(Metric.GROUP_PROCESSED, name, Totals::processed, name);
            gauge(Metric.GROUP_DEAD_LETTERED, name, Totals::deadLettered, name);
        }
        gauge(Metric.REVENUE, OrderPipeline.NAME, totals -> totals.revenue().doubleValue());
        gauge(Metric.AVERAGE, OrderPipeline.NAME, totals -> totals.average().doubleValue());
    }

    private void gauge(Metric metric, String pipeline, ToDoubleFunction<Totals> value, String... tags) {
        metric.gauge(registry, read, known -> known.containsKey(pipeline) ? value.applyAsDouble(known.get(pipeline))
                : Double.NaN, tags);
    }

    /** Takes what groups have committed. Blocks until it is there. */
    void read(GroupLag.Look look) {
        pipelines.forEach(pipeline -> {
            try {
                read.put(pipeline.name(), pipeline.sources().stream()
                        .map(source -> GroupTotals.sum(look.committed(source.group()), source.topic()).totals())
                        .reduce(Totals.ZERO, Totals::plus));
            } catch (KafkaException e) {
                // They are as they were.
            }
        });
    }
}
