package io.orderstream.api;

import java.util.Set;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.orderstream.event.EventPipeline;
import io.orderstream.event.EventPublisher;
import io.orderstream.event.EventSchemas;
import io.orderstream.event.EventSettings;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.totals.GroupTotals;
import io.orderstream.trace.Correlation;
import io.smallrye.mutiny.Uni;

/** REST resource that publishes events and returns the statistics of their pipeline. */
@Path("/api/events")
public class EventResource {

    private final EventPublisher publisher;
    private final RunningPipeline events;
    private final GroupTotals groups;
    private final Set<String> types;
    private final EventSettings settings;

    EventResource(EventPublisher publisher, Pipelines pipelines, EventSchemas schemas, GroupTotals groups,
            EventSettings settings) {
        this.publisher = publisher;
        this.events = pipelines.named(EventPipeline.NAME);
        this.groups = groups;
        this.types = schemas.validator().types().names();
        this.settings = settings;
    }

    /**
     * Publishes an event: 202 when the broker has confirmed it, 400 with all violations if it is invalid, 503 while
     * the broker is unavailable.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> publish(byte[] event, @Context HttpHeaders headers) {
        SwitchedOffException.check(settings.enabled(), "EVENTS_ENABLED");
        Correlation asked = Correlation.of(headers.getHeaderString(Correlation.ID),
                headers.getHeaderString(Correlation.TRACEPARENT), headers.getHeaderString(Correlation.TRACESTATE));
        return publisher.publish(event, asked).map(written -> Response.accepted(Published.of(written.at()))
                .header(Correlation.ID, written.correlation().id()).build());
    }

    /** Returns the totals, also by event type. */
    @GET
    @Path("stats")
    public Uni<EventStats> stats() {
        return PipelineFigures.of(events, groups).map(figures -> EventStats.of(figures, types));
    }
}
