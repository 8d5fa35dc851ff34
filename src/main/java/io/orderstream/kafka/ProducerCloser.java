package io.orderstream.kafka;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;

import org.apache.kafka.clients.producer.Producer;

import io.orderstream.settings.Lifecycle;

/**
 * Closes what SmallRye 4.31 leaves open: the producer of an outgoing channel still has its network thread when the application
 * has stopped, which would leave one behind at each live reload, and what it had not sent yet. A second close does nothing.
 */
@ApplicationScoped
public class ProducerCloser {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Queue<Producer<?, ?>> producers = new ConcurrentLinkedQueue<>();

    void made(@Observes Producer<?, ?> producer) {
        producers.add(producer);
    }

    /**
     * Called before SmallRye closes its channels: it would wait for 20 seconds behind a letter that waits for the broker on the
     * sending thread. Those that could still be written have been waited for.
     */
    void closeDeadLetters(
            @Observes @Priority(Lifecycle.End.DEAD_LETTER_PRODUCERS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        producers.stream().filter(ProducerCloser::writesDeadLetters).forEach(producer -> producer.close(TIMEOUT));
    }

    private static boolean writesDeadLetters(Producer<?, ?> producer) {
        return producer.metrics().keySet().stream().map(metric -> String.valueOf(metric.tags().get("client-id")))
                .anyMatch(client -> client.startsWith(KafkaClients.DEAD_LETTER_CLIENT));
    }

    /** Called after SmallRye has closed its channels, which it does at priority 50. */
    void close(@Observes @Priority(Lifecycle.End.CLIENTS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        producers.forEach(producer -> producer.close(TIMEOUT));
    }
}
