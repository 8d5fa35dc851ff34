package io.orderstream.monitoring;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.micrometer.core.instrument.MeterRegistry;
import io.orderstream.metrics.Metric;
import io.orderstream.order.OrderPipeline;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.settings.OperationSettings;
import io.orderstream.support.Lifecycle;
import io.orderstream.support.Ticks;
import io.orderstream.totals.GroupTotals;
import io.orderstream.totals.Totals;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;

/**
 * Gauges for the committed totals of each pipeline's consumer group, read at {@code LAG_MONITOR_INTERVAL}; NaN before
 * the first read. While the broker is unavailable they keep their last value, since nothing is committed.
 */
@ApplicationScoped
public class GroupGauges {

    private final MeterRegistry registry;
    private final GroupTotals groups;
    private final List<RunningPipeline> pipelines;
    private final OperationSettings settings;
    private final Map<String, Totals> read = new ConcurrentHashMap<>();
    private Cancellable reading;

    GroupGauges(MeterRegistry registry, GroupTotals groups, Pipelines pipelines,
            OperationSettings settings) {
        this.registry = registry;
        this.groups = groups;
        this.pipelines = pipelines.running();
        this.settings = settings;
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
        reading = Ticks.every(settings.lagMonitorInterval(), this::readAll).subscribe().with(done -> {
        });
    }

    private void gauge(Metric metric, String pipeline, ToDoubleFunction<Totals> value, String... tags) {
        metric.gauge(registry, read, known -> known.containsKey(pipeline) ? value.applyAsDouble(known.get(pipeline))
                : Double.NaN, tags);
    }

    private Uni<List<Totals>> readAll() {
        return Multi.createFrom().iterable(pipelines).onItem().transformToUniAndMerge(this::read).collect().asList()
                .onFailure().recoverWithItem(List.of());
    }

    private Uni<Totals> read(RunningPipeline pipeline) {
        return Uni.join().all(pipeline.sources().stream().map(source -> groups.of(source.group(), source.topic())).toList())
                .andFailFast().map(counted -> counted.stream().map(GroupTotals.Counted::totals)
                        .reduce(Totals.ZERO, Totals::plus))
                .invoke(totals -> read.put(pipeline.name(), totals));
    }

    /** Stops before the clients are closed. */
    void stop(@Observes @Priority(Lifecycle.Stop.MONITORING) ShutdownEvent event) {
        if (reading != null) {
            reading.cancel();
        }
    }
}
