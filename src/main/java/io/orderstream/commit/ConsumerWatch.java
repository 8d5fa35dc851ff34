package io.orderstream.commit;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;

import io.smallrye.reactive.messaging.kafka.KafkaConsumer;

/** Whether a consumer polls, and whether its polls give what there is. Thread safe. */
final class ConsumerWatch {

    /** A fetch that is under way shall not show. */
    private static final Duration NOTICED = Duration.ofSeconds(5);

    private record Standing(long position, long sinceNanos) {
    }

    private final KafkaConsumer<?, ?> consumer;
    private volatile Metric secondsAgo;
    private volatile Map<TopicPartition, Standing> standing = Map.of();

    ConsumerWatch(KafkaConsumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    /**
     * Time since the consumer last polled, by its own metric, zero if it has not begun to. It grows without end once
     * the consumer is closed or its stream has failed.
     */
    Duration sinceLastPoll() {
        if (secondsAgo == null) {
            Consumer<?, ?> kafka = consumer.unwrap();
            // A metric that was looked up once goes on counting when the consumer is closed.
            secondsAgo = kafka == null ? null
                    : kafka.metrics().values().stream()
                            .filter(metric -> metric.metricName().name().equals("last-poll-seconds-ago")).findFirst()
                            .orElse(null);
        }
        double seconds = secondsAgo == null ? 0 : (double) secondsAgo.metricValue();
        return Duration.ofSeconds(Math.max(0, (long) seconds));
    }

    /** Looks which partitions stand. To be called now and then. */
    void look() {
        consumer.runOnPollingThread(kafka -> {
            look(kafka, System.nanoTime());
        }).subscribe().with(done -> {
        }, failure -> {
            // It is closed.
        });
    }

    /**
     * Looks which partitions have records behind the consumer's position, which does not move: a record that is damaged, or
     * compressed with what cannot be read here, makes poll after poll fail, and the consumer asks for it again without a word.
     * Only the consumer's own knowledge is asked, so nothing blocks.
     */
    void look(Consumer<?, ?> kafka, long nowNanos) {
        Map<TopicPartition, Standing> now = new HashMap<>();
        Set<TopicPartition> paused = kafka.paused();
        for (TopicPartition partition : kafka.assignment()) {
            if (!paused.contains(partition) && kafka.currentLag(partition).orElse(0) > 0) {
                long position = position(kafka, partition);
                Standing before = standing.get(partition);
                now.put(partition,
                        before != null && before.position() == position ? before : new Standing(position, nowNanos));
            }
        }
        standing = now;
    }

    private static long position(Consumer<?, ?> kafka, TopicPartition partition) {
        try {
            return kafka.position(partition, Duration.ZERO);
        } catch (KafkaException e) {
            // It has none yet.
            return -1;
        }
    }

    /** Where the partitions stand. To be called on the event loop they belong to. */
    List<PartitionState> states(AssignedPartitions partitions) {
        long now = System.nanoTime();
        return partitions.states(now).stream().map(state -> withStanding(state, now)).toList();
    }

    /** The same, or if nothing of it is in work and it stands, with the time since when it does. */
    PartitionState withStanding(PartitionState state, long nowNanos) {
        Standing stands = standing.get(state.partition());
        Duration age = stands == null ? Duration.ZERO : Duration.ofNanos(nowNanos - stands.sinceNanos());
        return state.inWork() > 0 || age.compareTo(NOTICED) < 0 ? state
                : new PartitionState(state.partition(), state.watermark(), 0, age);
    }
}
