package io.orderstream.api;

import java.io.UncheckedIOException;
import java.time.Duration;

import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.outage.Outages;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;

/**
 * Streams what a dashboard shows as server-sent events: {@code stats}, what {@code GET /api/orders/stats} answers, each second,
 * and {@code outage}, see {@link OutageChange}, for each there is and whenever one begins or ends.
 */
@Path("/api/stream")
public class StreamResource {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ObjectMapper json;
    private final StatusStream stream;

    StreamResource(OrderStatsResource statistics, Outages outages, ObjectMapper json) {
        this.json = json;
        this.stream = new StatusStream(statistics::stats, INTERVAL, outages, this::toJson);
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(@Context Sse sse) {
        return stream.events().map(event -> sse.newEventBuilder().name(event.name()).data(event.json()).build());
    }

    /** In dev mode: the server outlives a live reload, and its connections with it. In production it has closed them before. */
    void end(@Observes ShutdownEvent event) {
        stream.end();
    }

    private String toJson(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
