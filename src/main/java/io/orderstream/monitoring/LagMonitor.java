package io.orderstream.monitoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.orderstream.deadletter.DeadLetterMonitor;
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.metrics.Metric;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.settings.OperationSettings;
import io.orderstream.support.Lifecycle;
import io.orderstream.support.Ticks;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;

/**
 * Updates the lag gauges of all consumer groups and of the dead-letter monitor at {@code LAG_MONITOR_INTERVAL}. While
 * the broker is unavailable there are no rows rather than outdated ones.
 */
@ApplicationScoped
public class LagMonitor {

    private static final Logger LOG = Logger.getLogger(LagMonitor.class);
    private static final String CLIENT = "lag-monitor";

    private final Pipelines pipelines;
    private final DeadLetterMonitor letters;
    private final KafkaConnections connections;
    private final GroupLag groups;
    private final MeterRegistry registry;
    private final Duration interval;
    private final LagRows lags = new LagRows();
    private MultiGauge rows;
    private Cancellable looking;

    LagMonitor(Pipelines pipelines, DeadLetterMonitor letters, KafkaConnections connections, Admin admin,
            MeterRegistry registry, OperationSettings settings) {
        this.pipelines = pipelines;
        this.letters = letters;
        this.connections = connections;
        this.groups = new GroupLag(admin);
        this.registry = registry;
        this.interval = settings.lagMonitorInterval();
    }

    /** Starts after the channels. */
    void start(@Observes @Priority(Lifecycle.Start.MONITORING) StartupEvent event) {
        rows = Metric.CONSUMER_LAG.rows(registry);
        looking = Ticks.every(interval,
                () -> Uni.createFrom().item(this::look).runSubscriptionOn(Infrastructure.getDefaultExecutor()))
                .subscribe().with(found -> rows.register(found, true));
    }

    /** Stops before the admin client and dev mode's broker are closed. */
    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.WATCHES) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        if (looking != null) {
            looking.cancel();
        }
    }

    private List<Row<?>> look() {
        List<Row<?>> found = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = connections.consumer(CLIENT,
                Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"))) {
            pipelines.running().stream().flatMap(pipeline -> pipeline.sources().stream())
                    .forEach(source -> found.addAll(lags.of(source.group(), source.topic(),
                            () -> groups.of(consumer, source.group(), source.topic()))));
            Map<TopicPartition, Long> read = letters.positions();
            read.keySet().stream().map(TopicPartition::topic).distinct().forEach(topic -> found.addAll(
                    lags.of(DeadLetterMonitor.READER, topic, () -> groups.behind(consumer, topic, read))));
            return found;
        } catch (RuntimeException e) {
            // The broker is unavailable, which is reported elsewhere, or the application is stopping.
            LOG.debugf("lag is not known: reason=\"%s\"", e.getMessage());
            return List.of();
        }
    }
}
