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
import io.orderstream.order.OrderProcessor;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.settings.OperationSettings;
import io.orderstream.support.Ticks;
import io.orderstream.totals.GroupTotals;
import io.orderstream.totals.Totals;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;

/**
 * What the whole consumer group of each pipeline has counted, exact, as it is in the commits. Read at intervals, and no number
 * before that; while the broker does not answer it is what was read last, as nothing is committed then.
 */
@ApplicationScoped
public class GroupGauges {

    private final MeterRegistry registry;
    private final GroupTotals groups;
    private final List<RunningPipeline> pipelines;
    private final OperationSettings settings;
    private final Map<String, Totals> read = new ConcurrentHashMap<>();
    private Cancellable reading;

    GroupGauges(MeterRegistry registry, GroupTotals groups, @All List<RunningPipeline.Owner> pipelines,
            OperationSettings settings) {
        this.registry = registry;
        this.groups = groups;
        this.pipelines = pipelines.stream().filter(RunningPipeline.Owner::isOn).map(RunningPipeline.Owner::consumption)
                .toList();
        this.settings = settings;
    }

    /** After the channels have started. */
    void start(@Observes @Priority(2600) StartupEvent event) {
        for (RunningPipeline pipeline : pipelines) {
            String name = pipeline.pipeline();
            gauge(Metric.GROUP_RECEIVED, name, Totals::received, name);
            gauge(Metric.GROUP_PROCESSED, name, Totals::processed, name);
            gauge(Metric.GROUP_DEAD_LETTERED, name, Totals::deadLettered, name);
        }
        gauge(Metric.REVENUE, OrderProcessor.PIPELINE, totals -> totals.revenue().doubleValue());
        gauge(Metric.AVERAGE, OrderProcessor.PIPELINE, totals -> totals.average().doubleValue());
        reading = Ticks.every(settings.lagMonitorInterval(), this::readAll).subscribe().with(done -> {
        });
    }

    private void gauge(Metric metric, String pipeline, ToDoubleFunction<Totals> value, String... tags) {
        metric.gauge(registry, read, known -> known.containsKey(pipeline) ? value.applyAsDouble(known.get(pipeline))
                : Double.NaN, tags);
    }

    private Uni<List<Totals>> readAll() {
        return Uni.join().all(pipelines.stream().map(this::read).toList()).andFailFast()
                .onFailure().recoverWithItem(List.of());
    }

    private Uni<Totals> read(RunningPipeline pipeline) {
        return Uni.join().all(pipeline.sources().stream().map(source -> groups.of(source.group(), source.topic())).toList())
                .andFailFast().map(counted -> counted.stream().map(GroupTotals.Counted::totals)
                        .reduce(Totals.ZERO, Totals::plus))
                .invoke(totals -> read.put(pipeline.pipeline(), totals));
    }

    /** Before the clients are closed. */
    void stop(@Observes @Priority(50) ShutdownEvent event) {
        if (reading != null) {
            reading.cancel();
        }
    }
}
