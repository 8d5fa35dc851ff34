package io.orderstream.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Event;
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

    private final Event<Producer<?, ?>> changed;

    ProducerCloser(Event<Producer<?, ?>> changed) {
        this.changed = changed;
    }

    /**
     * A producer has been made, or, if the event comes for the second time, is gone: which is how Quarkus' metrics
     * are told. One of dead letters replaces that of the same client id.
     */
    void made(@Observes Producer<?, ?> producer) {
        if (producers.remove(producer)) {
            return;
        }
        String client = client(producer);
        List<Producer<?, ?>> replaced = producers.stream()
                .filter(other -> writesDeadLetters(other) && client(other).equals(client)).toList();
        producers.add(producer);
        replaced.forEach(other -> {
            other.close(Duration.ZERO);
            changed.fire(other);
        });
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
        return client(producer).startsWith(KafkaClients.DEAD_LETTER_CLIENT);
    }

    private static String client(Producer<?, ?> producer) {
        return producer.metrics().keySet().stream().map(metric -> metric.tags().get("client-id")).filter(Objects::nonNull)
                .findFirst().orElse("");
    }

    /** Closes all others after SmallRye has closed its channels, at priority 50. */
    void close(@Observes @Priority(Lifecycle.End.CLIENTS) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        producers.forEach(producer -> producer.close(TIMEOUT));
    }
}
