package io.orderstream.order;

import java.util.List;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.orderstream.schema.AvroEncoder;
import io.orderstream.schema.RegistrySettings;
import io.orderstream.schema.SchemaRegistration;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;

/**
 * The Avro format of the orders this instance writes: registers their schema at the start, under the subject of the topic and
 * under that of its dead letters, where tools look for it. A registry that refuses it only matters to who generates orders.
 */
@ApplicationScoped
public class OrderFormat {

    private static final Logger LOG = Logger.getLogger(OrderFormat.class);

    private final boolean isNeeded;
    private final Uni<AvroEncoder<Order>> encoder;
    private volatile String waitingFor;

    OrderFormat(OrderSettings settings, SchemaRegistration registration, RegistrySettings registry) {
        this.isNeeded = settings.count().orElse(Long.MAX_VALUE) > 0;
        this.waitingFor = "the registry at %s: the schema of orders is not registered yet"
                .formatted(String.join(", ", registry.url()));
        List<String> subjects = List.of(SchemaRegistration.valueSubject(settings.topic()),
                SchemaRegistration.valueSubject(settings.dlqTopic()));
        this.encoder = registration.idOf(Order.getClassSchema(), subjects)
                .invoke(id -> registered(subjects, id))
                .onFailure().invoke(this::refused)
                .map(id -> new AvroEncoder<>(Order.class, id))
                .memoize().indefinitely();
    }

    void start(@Observes @Priority(Lifecycle.Start.SCHEMAS) StartupEvent event) {
        encoder.subscribe().with(ready -> {
        }, failure -> {
            // said by refused()
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

    private void refused(Throwable failure) {
        if (!isNeeded) {
            // Orders of the schemas there are can be read all the same.
            waitingFor = null;
            LOG.warnf("schema not registered: reason=\"%s\"", failure.getMessage());
            return;
        }
        waitingFor = failure.getMessage();
        LOG.errorf("no orders are generated: reason=\"%s\"", failure.getMessage());
    }
}
