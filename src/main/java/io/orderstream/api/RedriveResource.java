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

import io.orderstream.json.ValueSchema;
import io.orderstream.redrive.RedriveJob;
import io.orderstream.redrive.RedriveService;
import io.smallrye.common.annotation.Blocking;

/** REST resource for redriving dead letters. Anybody may read jobs; changing them requires the operator role. */
@Path(RedriveResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class RedriveResource {

    static final String PATH = "/api/dead-letters/redrive";

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
    public List<RedriveView> jobs() {
        return redrives.jobs().stream().map(RedriveView::of).toList();
    }

    @GET
    @Path("{id}")
    public RedriveView job(String id) {
        return RedriveView.of(find(id));
    }

    @DELETE
    @Path("{id}")
    public Response stop(String id) {
        return control(id, true);
    }

    @POST
    @Path("{id}/resume")
    public Response resume(String id) {
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
