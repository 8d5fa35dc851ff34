package io.orderstream.api;

import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirementsSet;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirementsSets;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.orderstream.event.EventPublisher;
import io.orderstream.event.EventSettings;
import io.orderstream.kafka.DeferredChannels;
import io.orderstream.trace.Correlation;
import io.orderstream.tracker.ItemOrderPublisher;
import io.orderstream.tracker.TrackerSettings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;

/**
 * REST resource that publishes events and item orders: 202 when the broker has confirmed one, 400 with all violations if
 * it is invalid, 503 while the broker is unavailable. Anybody may do so, or operators only if the settings say so.
 */
@Path("/api")
@Tag(name = "Publishing")
@APIResponse(responseCode = "202", description = "The broker has confirmed the record", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = PublishResource.Published.class)))
@APIResponse(responseCode = "404", description = "The pipeline is switched off")
@APIResponse(responseCode = "503", description = "The broker does not answer, or not in time")
@APIResponse(responseCode = "401", description = "The credentials of an operator are needed, with POST_NEEDS_OPERATOR=true")
@Consumes(MediaType.APPLICATION_JSON)
// Either none or those of an operator
@SecurityRequirementsSets({ @SecurityRequirementsSet,
        @SecurityRequirementsSet(@SecurityRequirement(name = OperatorCredentials.ROLE)) })
public class PublishResource {

    private final EventPublisher events;
    private final EventSettings eventSettings;
    private final ItemOrderPublisher itemOrders;
    private final TrackerSettings trackerSettings;
    private final DeferredChannels channels;
    private final OperatorAccess access;

    PublishResource(EventPublisher events, EventSettings eventSettings, ItemOrderPublisher itemOrders,
            TrackerSettings trackerSettings, DeferredChannels channels, OperatorAccess access) {
        this.access = access;
        this.events = events;
        this.eventSettings = eventSettings;
        this.itemOrders = itemOrders;
        this.trackerSettings = trackerSettings;
        this.channels = channels;
    }

    /** Response to a published record: its position, as confirmed by the broker. */
    @RegisterForReflection
    public record Published(String topic, int partition, long offset) {
    }

    @POST
    @Path("events")
    @Operation(summary = "Publishes an event")
    @RequestBody(content = @Content(schema = @Schema(ref = "Envelope")))
    @Parameter(name = Correlation.ID, in = ParameterIn.HEADER, description = "Goes with all that follows from the event")
    public Uni<Response> event(byte[] event, @Context HttpHeaders headers) {
        Correlation asked = Correlation.of(headers.getHeaderString(Correlation.ID),
                headers.getHeaderString(Correlation.TRACEPARENT), headers.getHeaderString(Correlation.TRACESTATE));
        return access.publisher().invoke(() -> check(eventSettings.enabled(), "EVENTS_ENABLED"))
                .chain(() -> events.publish(event, asked))
                .map(written -> accepted(written.at()).header(Correlation.ID, written.correlation().id()).build());
    }

    @POST
    @Path("item-orders")
    @Operation(summary = "Publishes an item order")
    @RequestBody(content = @Content(schema = @Schema(ref = "ItemOrder")))
    public Uni<Response> itemOrder(byte[] order) {
        return access.publisher().invoke(() -> check(trackerSettings.enabled(), "TRACKER_ENABLED"))
                .chain(() -> itemOrders.publish(order)).map(at -> accepted(at).build());
    }

    /** @param setting environment variable that enables the pipeline */
    private void check(boolean isOn, String setting) {
        if (!isOn) {
            throw new ClientErrorException(FailureAnswers.answer(Status.NOT_FOUND,
                    "this pipeline is switched off, " + setting + "=true switches it on").build());
        }
        channels.checkStarted();
    }

    private static Response.ResponseBuilder accepted(RecordMetadata at) {
        return Response.accepted(new Published(at.topic(), at.partition(), at.offset()));
    }
}
