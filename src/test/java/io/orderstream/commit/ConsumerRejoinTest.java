package io.orderstream.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A consumer whose session has expired without Kafka's client noticing it. */
class ConsumerRejoinTest {

    private static final Duration SESSION = Duration.ofSeconds(10);

    private final Standstill consumer = new Standstill();
    private final ConsumerWatch watch = new ConsumerWatch(TotalsCommits.consumer(consumer), "orders-in", "group", SESSION,
            () -> Duration.ofHours(1), () -> CompletableFuture.completedFuture(Set.of("1")));

    @Test
    void shouldJoinItsGroupOnceASessionSinceEachJoinPutsOffTheHeartbeat() {
        // Given
        consumer.secondsSinceHeartbeat = 16;

        // When
        long joins = 0;
        for (int second = 0; second < 3 * SESSION.toSeconds(); second++) {
            watch.look(consumer, TimeUnit.SECONDS.toNanos(second));
            joins += consumer.shouldRebalance() ? 1 : 0;
            consumer.resetShouldRebalance();
        }

        // Then
        assertThat(joins).isEqualTo(3);
        assertThat(watch.state().isWell()).isFalse();

        // When
        consumer.secondsSinceHeartbeat = 0;
        watch.look(consumer, TimeUnit.MINUTES.toNanos(1));

        // Then
        assertThat(watch.state()).isEqualTo(ConsumerState.CONSUMING);
        assertThat(consumer.shouldRebalance()).isFalse();
    }

    /** Has a partition, and a heartbeat of any age. */
    private static final class Standstill extends MockConsumer<byte[], byte[]> {

        private double secondsSinceHeartbeat;

        private Standstill() {
            super(AutoOffsetResetStrategy.EARLIEST.name());
            TopicPartition partition = new TopicPartition("orders", 0);
            updateBeginningOffsets(Map.of(partition, 0L));
            assign(List.of(partition));
        }

        @Override
        public Map<MetricName, Metric> metrics() {
            MetricName name = new MetricName("last-heartbeat-seconds-ago", "consumer-coordinator-metrics", "", Map.of());
            return Map.of(name, new Metric() {
                @Override
                public MetricName metricName() {
                    return name;
                }

                @Override
                public Object metricValue() {
                    return secondsSinceHeartbeat;
                }
            });
        }
    }
}
