package io.orderstream.event;

import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

/**
 * What is done with the events of a type: a CDI bean with {@link EventType}, exactly one for each type that has a schema.
 * <p>
 * Called on an event loop, must not block. The context it is called in belongs to the event: log lines carry its correlation
 * id, and so does everything that is produced in it.
 */
public interface EventHandler {

    /**
     * Handles an event once. It is called again when it fails; {@link io.orderstream.record.PoisonException} makes that
     * pointless, and the event a dead letter.
     *
     * @return completes when it is done
     */
    Uni<Void> handle(Delivery<Event> event);
}
