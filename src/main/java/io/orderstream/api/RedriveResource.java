package io.orderstream.api;

import java.net.URI;
import java.util.List;

import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

import io.orderstream.json.ValueSchema;
import io.orderstream.redrive.RedriveJob;
import io.orderstream.redrive.RedriveService;
import io.orderstream.web.Problem;
import io.smallrye.common.annotation.Blocking;

/** REST resource for redriving dead letters. Anybody may read jobs; changing them requires the operator role. */
@Path(RedriveResource.PATH)
@Tag(name = "Redrive")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class RedriveResource {

    static final String PATH = "/api/dead-letters/redrive";

    private static final String STOPS = "The job follows within a second";
    private static final String FINISHED = "The job is finished";
    private static final String JOB = "Id of the job";
    private static final String AWAY = "The broker does not answer";

    private final RedriveService redrives;
    private final OperatorAccess access;
    private final ValueSchema schema = ValueSchema.ofResource(RedriveInput.SCHEMA);

    RedriveResource(RedriveService redrives, OperatorAccess access) {
        this.redrives = redrives;
        this.access = access;
    }

    /** Starts a job, or only looks what it would send. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Sends dead letters back to where they came from, or only looks what would be sent")
    @SecurityRequirement(name = OperatorCredentials.ROLE)
    @RequestBody(content = @Content(schema = @Schema(ref = "Redrive")))
    @APIResponse(responseCode = "200", description = "What would be sent", content = @Content(schema = @Schema(implementation = RedriveService.DryRun.class)))
    @APIResponseSchema(value = RedriveView.class, responseCode = "202", responseDescription = "The job that sends them")
    @APIResponse(responseCode = "503", description = AWAY)
    public Response create(byte[] body) {
        String by = access.operator();
        RedriveInput input = RedriveInput.parse(body, schema);
        if (input.dryRun()) {
            return Response.ok(redrives.dryRun(input.request())).build();
        }
        RedriveJob job = redrives.create(input.request(), by);
        return Response.accepted(RedriveView.of(job)).location(URI.create(PATH + "/" + job.id())).build();
    }

    @GET
    @Operation(summary = "All redrive jobs, newest first")
    public List<RedriveView> jobs() {
        return redrives.jobs().stream().map(RedriveView::of).toList();
    }

    @GET
    @Path("{id}")
    @Operation(summary = "A redrive job and its progress")
    public RedriveView job(@Parameter(description = JOB) @RestPath String id) {
        return RedriveView.of(find(id));
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Stops a redrive job")
    @SecurityRequirement(name = OperatorCredentials.ROLE)
    @APIResponseSchema(value = RedriveView.class, responseCode = "202", responseDescription = STOPS)
    @APIResponse(responseCode = "409", description = FINISHED)
    @APIResponse(responseCode = "503", description = AWAY)
    public Response stop(@Parameter(description = JOB) @RestPath String id) {
        return control(id, true);
    }

    @POST
    @Path("{id}/resume")
    @Operation(summary = "Continues a redrive job that was stopped")
    @SecurityRequirement(name = OperatorCredentials.ROLE)
    @APIResponseSchema(value = RedriveView.class, responseCode = "202", responseDescription = STOPS)
    @APIResponse(responseCode = "409", description = FINISHED)
    @APIResponse(responseCode = "503", description = AWAY)
    public Response resume(@Parameter(description = JOB) @RestPath String id) {
        return control(id, false);
    }

    private Response control(String id, boolean stop) {
        access.operator();
        if (find(id).state() == RedriveJob.State.FINISHED) {
            throw new ClientErrorException(
                    FailureAnswers.answer(Status.CONFLICT, "the job " + Problem.shown(id) + " is finished").build());
        }
        redrives.control(id, stop);
        return Response.accepted(RedriveView.of(find(id))).build();
    }

    private RedriveJob find(String id) {
        return redrives.find(id).orElseThrow(() -> new NotFoundException(
                FailureAnswers.answer(Status.NOT_FOUND, "there is no job " + Problem.shown(id)).build()));
    }
}
