package io.orderstream.monitoring;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.jboss.logging.Logger;

import io.micrometer.core.instrument.MultiGauge.Row;
import io.orderstream.metrics.Metric;

/**
 * Creates the rows of the lag gauge. Missing permission for one topic or group does not hide others. Not thread safe.
 */
final class LagRows {

    private static final Logger LOG = Logger.getLogger(LagMonitor.class);

    private record Refused(String group, String topic) {
    }

    private final Set<Refused> refused = new HashSet<>();

    /**
     * Returns the rows of a group and a topic.
     *
     * @param look computes the lag of each partition
     * @return empty if the broker denies access, which is logged once until it succeeds again
     */
    List<Row<?>> of(String group, String topic, Supplier<Map<TopicPartition, Long>> look) {
        Refused key = new Refused(group, topic);
        try {
            Map<TopicPartition, Long> lags = look.get();
            refused.remove(key);
            return lags.entrySet().stream().map(lag -> row(group, lag.getKey(), lag.getValue())).collect(Collectors.toList());
        } catch (AuthorizationException | InvalidTopicException e) {
            if (refused.add(key)) {
                LOG.warnf("lag is not shown: group=%s topic=%s reason=\"%s\"", group, topic, e.getMessage());
            }
            return List.of();
        }
    }

    private static Row<?> row(String group, TopicPartition partition, long lag) {
        return Row.of(Metric.CONSUMER_LAG.tags(group, partition.topic(), Integer.toString(partition.partition())), lag);
    }
}
