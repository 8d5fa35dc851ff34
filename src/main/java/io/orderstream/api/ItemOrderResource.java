package io.orderstream.api;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.orderstream.tracker.ItemOrderPublisher;
import io.orderstream.tracker.TrackerSettings;
import io.smallrye.mutiny.Uni;

/** REST resource that publishes item orders. */
@Path("/api/item-orders")
public class ItemOrderResource {

    private final ItemOrderPublisher publisher;
    private final TrackerSettings settings;

    ItemOrderResource(ItemOrderPublisher publisher, TrackerSettings settings) {
        this.publisher = publisher;
        this.settings = settings;
    }

    /**
     * Publishes an item order: 202 when the broker has confirmed it, 400 with all violations if it is invalid, 503
     * while the broker is unavailable.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> publish(byte[] order) {
        SwitchedOffException.check(settings.enabled(), "TRACKER_ENABLED");
        return publisher.publish(order).map(at -> Response.accepted(Published.of(at)).build());
    }
}
