package io.orderstream.kafka;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;

import org.apache.kafka.clients.producer.Producer;

import io.orderstream.support.Lifecycle;

/**
 * Closes the producers of outgoing channels, which SmallRye 4.31 leaves open on shutdown: their network threads would
 * accumulate with each live reload, along with unsent records. Closing twice has no effect.
 */
@ApplicationScoped
public class ProducerCloser {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Queue<Producer<?, ?>> producers = new ConcurrentLinkedQueue<>();

    void made(@Observes Producer<?, ?> producer) {
        producers.add(producer);
    }

    /**
     * Closes dead-letter producers before SmallRye closes its channels, which would wait 20 s for a dead letter that
     * blocks the sending thread. Those that could be written have been waited for.
     */
    void closeDeadLetters(
            @Observes @Priority(Lifecycle.End.DEAD_LETTER_PRODUCERS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        producers.stream().filter(ProducerCloser::writesDeadLetters).forEach(producer -> producer.close(TIMEOUT));
    }

    private static boolean writesDeadLetters(Producer<?, ?> producer) {
        return producer.metrics().keySet().stream().map(metric -> String.valueOf(metric.tags().get("client-id")))
                .anyMatch(client -> client.startsWith(KafkaClients.DEAD_LETTER_CLIENT));
    }

    /** Closes all others after SmallRye has closed its channels, at priority 50. */
    void close(@Observes @Priority(Lifecycle.End.CLIENTS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        producers.forEach(producer -> producer.close(TIMEOUT));
    }
}
