package io.orderstream.monitoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.jboss.logging.Logger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.orderstream.deadletter.DeadLetterMonitor;
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.OffsetGaps;
import io.orderstream.kafka.PartitionLag;
import io.orderstream.metrics.Metric;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline.Source;
import io.orderstream.settings.OperationSettings;
import io.orderstream.support.Failures;
import io.orderstream.support.Lifecycle;
import io.orderstream.support.Ticks;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;

/**
 * Updates the lag gauges of all consumer groups and of the dead-letter monitor at {@code LAG_MONITOR_INTERVAL}, and
 * {@link GroupGauges} from the same commits. While the broker is unavailable there are no rows rather than outdated ones.
 */
@ApplicationScoped
public class LagMonitor {

    private static final Logger LOG = Logger.getLogger(LagMonitor.class);
    private static final String CLIENT = "lag-monitor";
    /** Time limit for counting records: a scan waits for an unavailable broker or a deleted partition. */
    private static final Duration LONGEST_SCAN = Duration.ofSeconds(5);
    /** A partition of which more are to be read has more records than are counted, or large ones. */
    private static final int FETCHED_BYTES = 64 * 1024;

    /**
     * A lag that is shown.
     *
     * @param group the group, or the reader without a group
     */
    record LagRow(String group, TopicPartition partition, PartitionLag lag) {

        private Row<?> as(Metric metric, ToLongFunction<PartitionLag> value) {
            return Row.of(metric.tags(group, partition.topic(), Integer.toString(partition.partition())),
                    value.applyAsLong(lag));
        }
    }

    /**
     * Creates the rows of the lag gauges. Missing permission for one topic or group does not hide others. Not thread safe.
     */
    static final class LagRows {

        private record Refused(String group, String topic) {
        }

        private final Set<Refused> refused = new HashSet<>();

        /**
         * Returns the rows of a group and a topic.
         *
         * @param look computes the lag of each partition
         * @return empty if the broker denies access, which is logged once, as is its end
         */
        List<LagRow> of(String group, String topic, Supplier<Map<TopicPartition, PartitionLag>> look) {
            Refused key = new Refused(group, topic);
            try {
                Map<TopicPartition, PartitionLag> lags = look.get();
                if (refused.remove(key)) {
                    LOG.infof("lag is shown again: group=%s topic=%s", group, topic);
                }
                return lags.entrySet().stream().map(lag -> new LagRow(group, lag.getKey(), lag.getValue())).toList();
            } catch (AuthorizationException | InvalidTopicException e) {
                if (refused.add(key)) {
                    LOG.warnf("lag is not shown: group=%s topic=%s reason=\"%s\"", group, topic, Failures.reason(e));
                }
                return List.of();
            }
        }
    }

    private final Pipelines pipelines;
    private final DeadLetterMonitor letters;
    private final KafkaConnections connections;
    private final GroupLag groups;
    private final GroupGauges totals;
    private final MeterRegistry registry;
    private final Duration interval;
    private final LagRows lags = new LagRows();
    private MultiGauge all;
    private MultiGauge inTransaction;
    private Cancellable looking;

    LagMonitor(Pipelines pipelines, DeadLetterMonitor letters, KafkaConnections connections, Admin admin,
            OffsetGaps gaps, GroupGauges totals, MeterRegistry registry, OperationSettings settings) {
        this.pipelines = pipelines;
        this.letters = letters;
        this.connections = connections;
        this.groups = new GroupLag(admin, gaps, LONGEST_SCAN);
        this.totals = totals;
        this.registry = registry;
        this.interval = settings.lagMonitorInterval();
    }

    /** Starts after the channels. */
    void start(@Observes @Priority(Lifecycle.Start.MONITORING) StartupEvent event) {
        all = Metric.CONSUMER_LAG.rows(registry);
        inTransaction = Metric.CONSUMER_LAG_IN_TRANSACTION.rows(registry);
        looking = Ticks.every(interval,
                () -> Uni.createFrom().item(this::look).runSubscriptionOn(Infrastructure.getDefaultExecutor()))
                .subscribe().with(this::show);
    }

    private void show(List<LagRow> found) {
        all.register(rows(found, Metric.CONSUMER_LAG, PartitionLag::records), true);
        inTransaction.register(rows(found, Metric.CONSUMER_LAG_IN_TRANSACTION, PartitionLag::inTransaction), true);
    }

    private static List<Row<?>> rows(List<LagRow> found, Metric metric, ToLongFunction<PartitionLag> value) {
        return found.stream().<Row<?>> map(row -> row.as(metric, value)).toList();
    }

    /** Stops before the admin client and dev mode's broker are closed. */
    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.WATCHES) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        if (looking != null) {
            looking.cancel();
        }
    }

    private List<LagRow> look() {
        List<Source> sources = pipelines.running().stream().flatMap(pipeline -> pipeline.sources().stream()).toList();
        Map<TopicPartition, Long> read = letters.positions();
        Set<String> readTopics = read.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        List<LagRow> found = new ArrayList<>();
        try (Reader reader = new Reader()) {
            GroupLag.Look now = groups.look(sources.stream().map(Source::group).collect(Collectors.toSet()),
                    Stream.concat(sources.stream().map(Source::topic), readTopics.stream()).collect(Collectors.toSet()));
            totals.read(now);
            sources.forEach(source -> found.addAll(lags.of(source.group(), source.topic(),
                    () -> now.of(reader, source.group(), source.topic()))));
            readTopics.forEach(topic -> found.addAll(
                    lags.of(DeadLetterMonitor.READER, topic, () -> now.behind(reader, topic, read))));
            return found;
        } catch (RuntimeException e) {
            // The broker is unavailable, which is reported elsewhere, or the application is stopping.
            LOG.debugf("lag is not known: reason=\"%s\"", Failures.reason(e));
            return List.of();
        }
    }

    /** A consumer that is made when it is needed first: where all is read there is nothing to count. */
    private final class Reader implements Supplier<Consumer<byte[], byte[]>>, AutoCloseable {

        private Consumer<byte[], byte[]> consumer;

        @Override
        public Consumer<byte[], byte[]> get() {
            if (consumer == null) {
                consumer = connections.consumer(CLIENT, Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCHED_BYTES));
            }
            return consumer;
        }

        @Override
        public void close() {
            if (consumer != null) {
                consumer.close();
            }
        }
    }
}
