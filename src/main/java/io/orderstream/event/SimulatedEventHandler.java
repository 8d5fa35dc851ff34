package io.orderstream.event;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.smallrye.mutiny.Uni;

/**
 * Stands in for business logic: does nothing, and fails the share of events it was told to. A type that gets a handler of
 * its own is removed from the list.
 */
@ApplicationScoped
@EventType("file-added")
@EventType("file-removed")
@EventType("user-created")
@EventType("user-deleted")
public class SimulatedEventHandler implements EventHandler {

    private final SimulatedFaults faults;

    SimulatedEventHandler(EventSettings settings) {
        this.faults = new SimulatedFaults(settings.errorRate());
    }

    @Override
    public Uni<Void> handle(Delivery<Event> event) {
        return faults.attempt("event", event.value().id(), event.attempt(), PoisonException::new);
    }
}
