package io.orderstream.event;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.smallrye.mutiny.Uni;

/** Stands in for business logic: does nothing, and fails the share of events it was told to. */
@ApplicationScoped
public class SimulatedEvents {

    private final SimulatedFaults faults;

    SimulatedEvents(EventSettings settings) {
        this.faults = new SimulatedFaults(settings.errorRate());
    }

    /** One attempt at an event. */
    Uni<Void> handle(Delivery<Event> event) {
        return faults.attempt("event", event.value().id(), event.attempt(), PoisonException::new);
    }
}
