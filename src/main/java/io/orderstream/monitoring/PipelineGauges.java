package io.orderstream.monitoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.apache.kafka.common.TopicPartition;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.orderstream.commit.ConsumerState;
import io.orderstream.commit.PartitionState;
import io.orderstream.deadletter.DeadLetterRefusals;
import io.orderstream.history.Histories;
import io.orderstream.metrics.Metric;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.StartupEvent;

/**
 * Gauges for unfinished records, from the look at each pipeline that its history takes every second: that state belongs to the
 * pipeline's event loop, and a scrape must not wait for it. The snapshot of a blocked loop just grows older.
 */
@ApplicationScoped
public class PipelineGauges {

    private static final double MILLIS = 1_000;

    private final MeterRegistry registry;
    private final Duration stuckAfter;
    private final List<RunningPipeline> pipelines;
    private final DeadLetterRefusals refusals;
    private final Histories histories;
    private final Map<String, InFlightSnapshot> seen = new ConcurrentHashMap<>();
    private final Map<String, Set<TopicPartition>> shown = new HashMap<>();
    private MultiGauge ages;

    PipelineGauges(MeterRegistry registry, Pipelines pipelines, PipelineSettings settings, DeadLetterRefusals refusals,
            Histories histories) {
        this.refusals = refusals;
        this.histories = histories;
        this.registry = registry;
        this.stuckAfter = settings.stuckAfter();
        this.pipelines = pipelines.running();
    }

    /** Starts after the channels. */
    void start(@Observes @Priority(Lifecycle.Start.MONITORING) StartupEvent event) {
        Metric.STUCK_AFTER.gauge(registry, stuckAfter, age -> age.toMillis() / MILLIS);
        ages = Metric.OLDEST_UNFINISHED_AGE.rows(registry);
        for (RunningPipeline pipeline : pipelines) {
            String name = pipeline.name();
            Metric.IN_FLIGHT.gauge(registry, seen, known -> known.getOrDefault(name, InFlightSnapshot.NOTHING).inFlight(),
                    name);
            Metric.DEAD_LETTERS_REFUSED.gauge(registry, refusals, all -> all.letters(name), name);
            Metric.LANES.gauge(registry, seen, known -> known.getOrDefault(name, InFlightSnapshot.NOTHING).lanes(), name);
            pipeline.consumers().keySet().forEach(channel -> Metric.CONSUMER_FAILING.gauge(registry, pipeline,
                    read -> read.consumers().get(channel).kind() == ConsumerState.Kind.FAILING ? 1 : 0, name, channel));
        }
        histories.onLook(look -> show(look.pipeline(),
                new InFlightSnapshot(look.partitions(), look.activity().lanes(), System.nanoTime())));
    }

    private synchronized void show(String pipeline, InFlightSnapshot look) {
        seen.put(pipeline, look);
        Set<TopicPartition> assigned = look.partitions().stream().map(PartitionState::partition).collect(Collectors.toSet());
        if (!assigned.equals(shown.put(pipeline, assigned))) {
            List<Row<?>> rows = new ArrayList<>();
            shown.forEach((name, partitions) -> partitions.forEach(partition -> rows.add(row(name, partition))));
            ages.register(rows, true);
        }
    }

    private Row<?> row(String pipeline, TopicPartition partition) {
        return Row.of(Metric.OLDEST_UNFINISHED_AGE.tags(pipeline, partition.topic(), Integer.toString(partition.partition())),
                seen, known -> known.get(pipeline).oldestAge(partition, System.nanoTime()));
    }
}
