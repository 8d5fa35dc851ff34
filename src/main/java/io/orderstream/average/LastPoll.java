package io.orderstream.average;

import java.time.Duration;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

import io.smallrye.reactive.messaging.kafka.KafkaConsumer;

/** When a consumer has last polled, by its own metric. Thread safe. */
final class LastPoll {

    private final KafkaConsumer<?, ?> consumer;
    private volatile Metric secondsAgo;

    LastPoll(KafkaConsumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    /**
     * Time since the consumer last polled, zero if it has not begun to. It grows without end once the consumer is closed or its
     * stream has failed.
     */
    Duration ago() {
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
}
