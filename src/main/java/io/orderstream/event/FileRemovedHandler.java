package io.orderstream.event;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

/** The place for what is to be done with events of type {@code file-removed}. */
@ApplicationScoped
@EventType("file-removed")
public class FileRemovedHandler implements EventHandler {

    private final SimulatedEvents simulated;

    FileRemovedHandler(SimulatedEvents simulated) {
        this.simulated = simulated;
    }

    @Override
    public Uni<Void> handle(Delivery<Event> event) {
        return simulated.handle(event);
    }
}
