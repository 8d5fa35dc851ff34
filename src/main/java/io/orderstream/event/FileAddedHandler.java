package io.orderstream.event;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

/** The place for what is to be done with events of type {@code file-added}. */
@ApplicationScoped
@EventType("file-added")
public class FileAddedHandler implements EventHandler {

    private final SimulatedEvents simulated;

    FileAddedHandler(SimulatedEvents simulated) {
        this.simulated = simulated;
    }

    @Override
    public Uni<Void> handle(Delivery<Event> event) {
        return simulated.handle(event);
    }
}
