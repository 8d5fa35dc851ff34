package io.orderstream.event;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;

/**
 * The handler of the type of event that only the tests know: publishes an event for each door, and writes an item
 * order by a channel that knows nothing of events. A door named jammed is poison.
 */
@ApplicationScoped
@EventType("door-opened")
public class DoorOpenedHandler implements EventHandler {

    private static final Logger LOG = Logger.getLogger(DoorOpenedHandler.class);

    private final EventPublisher publisher;
    private final MutinyEmitter<byte[]> orders;
    private final List<String> handled = new CopyOnWriteArrayList<>();

    // All who write to a channel have to agree on what happens when it cannot follow.
    DoorOpenedHandler(EventPublisher publisher,
            @Channel("item-orders-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 1024) MutinyEmitter<byte[]> orders) {
        this.publisher = publisher;
        this.orders = orders;
    }

    @Override
    public Uni<Void> handle(Delivery<Event> event) {
        handled.add(event.value().id());
        LOG.infof("a door is opened: %s", event.value().entity());
        if (event.value().entity().equals("jammed")) {
            return Uni.createFrom().failure(new PoisonException("the door is jammed"));
        }
        String cause = event.value().id();
        String order = "{\"order_id\":\"by-" + cause + "\",\"user\":\"u\",\"item\":\"key\",\"quantity\":1}";
        return publisher.publish(Events.bytes(Events.event("file-added", "by-" + cause, "log-of-" + cause)))
                .chain(() -> orders.send(order.getBytes(StandardCharsets.UTF_8)));
    }

    /** Ids of the events it was called with. */
    List<String> handled() {
        return handled;
    }
}
