package io.orderstream.order;

import java.time.Duration;
import java.util.List;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.orderstream.schema.AvroEncoder;
import io.orderstream.schema.RegistryAccess;
import io.orderstream.schema.SchemaRegistration;
import io.orderstream.support.Failures;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;

/**
 * The Avro format of the orders this instance writes: registers their schema at the start, under the subject of the
 * topic and under that of its dead letters, where tools look for it. A registry that refuses it is asked again,
 * since somebody may register the schema, or allow it; that only matters to who generates orders.
 */
@ApplicationScoped
public class OrderFormat {

    private static final Logger LOG = Logger.getLogger(OrderFormat.class);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(5);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

    private final boolean isNeeded;
    private final Uni<AvroEncoder<Order>> encoder;
    private volatile String waitingFor;
    private volatile String refusal;
    private volatile boolean stopped;

    OrderFormat(OrderSettings settings, SchemaRegistration registration, RegistryAccess registry) {
        this.isNeeded = settings.count().orElse(Long.MAX_VALUE) > 0;
        this.waitingFor = "the registry at %s: the schema of orders is not registered yet"
                .formatted(registry.urls());
        List<String> subjects = List.of(SchemaRegistration.valueSubject(settings.topic()),
                SchemaRegistration.valueSubject(settings.dlqTopic()));
        this.encoder = registration.idOf(Order.getClassSchema(), subjects)
                .invoke(id -> registered(subjects, id))
                .onFailure().invoke(this::refused)
                .onFailure(failure -> !stopped).retry().withBackOff(FIRST_DELAY, LONGEST_DELAY).indefinitely()
                .map(id -> new AvroEncoder<>(Order.class, id))
                .memoize().indefinitely();
    }

    void start(@Observes @Priority(Lifecycle.Start.SCHEMAS) StartupEvent event) {
        encoder.subscribe().with(ready -> {
        }, failure -> {
            // Said by refused(), and only when the application stops.
        });
    }

    /** The encoder, when the registry has given the schema its id; waits while the registry is away. */
    public Uni<AvroEncoder<Order>> encoder() {
        return encoder;
    }

    /** What is being waited for, or null if orders can be written, or need not be. May be called on any thread. */
    public String waitingFor() {
        return waitingFor;
    }

    private void registered(List<String> subjects, int id) {
        waitingFor = null;
        LOG.infof("schema registered: subjects=%s id=%d", subjects, id);
    }

    @PreDestroy
    void stop() {
        stopped = true;
    }

    private void refused(Throwable failure) {
        if (failure.getMessage().equals(refusal)) {
            return;
        }
        refusal = failure.getMessage();
        if (!isNeeded) {
            // Orders of the schemas there are can be read all the same.
            waitingFor = null;
            LOG.warnf("schema not registered: reason=\"%s\"", Failures.reason(failure));
            return;
        }
        waitingFor = Failures.shown(failure);
        LOG.errorf("no orders are generated: reason=\"%s\"", Failures.reason(failure));
    }
}
