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
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.settings.OperationSettings;
import io.orderstream.support.Ticks;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;

/**
 * Looks at intervals how far each consumer group is behind, and the monitor of dead letters. While the broker does not answer
 * there is no lag to be seen, rather than an old one.
 */
@ApplicationScoped
public class LagMonitor {

    private static final Logger LOG = Logger.getLogger(LagMonitor.class);
    private static final String CLIENT = "lag-monitor";

    private final List<RunningPipeline.Owner> pipelines;
    private final DeadLetterMonitor letters;
    private final KafkaConnections connections;
    private final GroupLag groups;
    private final MeterRegistry registry;
    private final Duration interval;
    private final LagRows lags = new LagRows();
    private MultiGauge rows;
    private Cancellable looking;

    LagMonitor(@All List<RunningPipeline.Owner> pipelines, DeadLetterMonitor letters, KafkaConnections connections, Admin admin,
            MeterRegistry registry, OperationSettings settings) {
        this.pipelines = pipelines;
        this.letters = letters;
        this.connections = connections;
        this.groups = new GroupLag(admin);
        this.registry = registry;
        this.interval = settings.lagMonitorInterval();
    }

    /** After the channels have started. */
    void start(@Observes @Priority(2600) StartupEvent event) {
        rows = Metric.CONSUMER_LAG.rows(registry);
        looking = Ticks.every(interval,
                () -> Uni.createFrom().item(this::look).runSubscriptionOn(Infrastructure.getDefaultExecutor()))
                .subscribe().with(found -> rows.register(found, true));
    }

    /** Before the client is closed and the broker of dev mode goes. */
    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(40) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        if (looking != null) {
            looking.cancel();
        }
    }

    private List<Row<?>> look() {
        List<Row<?>> found = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = connections.consumer(CLIENT,
                Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"))) {
            pipelines.stream().filter(RunningPipeline.Owner::isOn).flatMap(owner -> owner.consumption().sources().stream())
                    .forEach(source -> found.addAll(lags.of(source.group(), source.topic(),
                            () -> groups.of(consumer, source.group(), source.topic()))));
            Map<TopicPartition, Long> read = letters.positions();
            read.keySet().stream().map(TopicPartition::topic).distinct().forEach(topic -> found.addAll(
                    lags.of(DeadLetterMonitor.READER, topic, () -> groups.behind(consumer, topic, read))));
            return found;
        } catch (RuntimeException e) {
            // The broker is away, which others say, or the application ends: there will be another look, or none is needed.
            LOG.debugf("lag is not known: reason=\"%s\"", e.getMessage());
            return List.of();
        }
    }
}
