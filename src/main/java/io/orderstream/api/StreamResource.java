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

import org.jboss.logging.Logger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.outage.Outages;
import io.orderstream.support.Failures;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;

/**
 * REST resource that streams server-sent events for dashboards: {@code stats}, as {@code GET /api/orders/stats},
 * every second, and {@code outage} ({@link OutageChange}) for each current outage and whenever one begins or ends.
 */
@Path("/api/stream")
public class StreamResource {

    private static final Logger LOG = Logger.getLogger(StreamResource.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ObjectMapper json;
    private final StatusStream stream;

    StreamResource(StatsResource statistics, Outages outages, ObjectMapper json) {
        this.json = json;
        this.stream = new StatusStream(statistics::orders, INTERVAL, outages, this::toJson);
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(@Context Sse sse) {
        // A stream that fails would be left open without an event: RESTEasy 3.30 neither ends nor closes it.
        return stream.events().map(event -> sse.newEventBuilder().name(event.name()).data(event.json()).build())
                .onFailure().invoke(failure -> LOG.errorf(failure, "stream ended: reason=\"%s\"", Failures.reason(failure)))
                .onFailure().recoverWithCompletion();
    }

    /** For dev mode, where connections outlive a live reload; in production the server has closed them before. */
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
