package io.orderstream.api;

import java.util.List;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.orderstream.event.InvalidEventException;
import io.orderstream.json.Violation;
import io.orderstream.kafka.WriteRefusedException;
import io.orderstream.kafka.WriteUnavailableException;
import io.orderstream.redrive.RedriveTooLargeException;
import io.orderstream.redrive.RedriveUnavailableException;
import io.orderstream.tracker.InvalidItemOrderException;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** Answers to what was asked for in a wrong way, or was sent and is not in its topic: what to mend, or to try again later. */
class FailureAnswers {

    private static final int TRY_AGAIN_SECONDS = 5;

    /**
     * Body of the response.
     *
     * @param stage stage of validation that failed, for events only
     * @param violations the violations, null if the record was valid
     */
    @RegisterForReflection(targets = { Problem.class, Violation.class, InvalidInputException.InvalidInput.class })
    public record Problem(String message, @JsonInclude(JsonInclude.Include.NON_NULL) String stage,
            @JsonInclude(JsonInclude.Include.NON_NULL) List<Violation> violations) {
    }

    @ServerExceptionMapper
    Response invalid(InvalidInputException e) {
        return answer(Status.BAD_REQUEST, e.answer()).build();
    }

    @ServerExceptionMapper
    Response invalid(InvalidEventException e) {
        return answer(Status.BAD_REQUEST, new Problem(e.getMessage(), e.stage().label(), e.violations())).build();
    }

    @ServerExceptionMapper
    Response invalid(InvalidItemOrderException e) {
        return answer(Status.BAD_REQUEST, new Problem(e.getMessage(), null, e.violations())).build();
    }

    @ServerExceptionMapper
    Response unavailable(WriteUnavailableException e) {
        return answer(Status.SERVICE_UNAVAILABLE, e.getMessage()).header(HttpHeaders.RETRY_AFTER, TRY_AGAIN_SECONDS).build();
    }

    @ServerExceptionMapper
    Response refused(WriteRefusedException e) {
        return answer(Status.REQUEST_ENTITY_TOO_LARGE, e.getMessage()).build();
    }

    @ServerExceptionMapper
    Response unavailable(RedriveUnavailableException e) {
        return answer(Status.SERVICE_UNAVAILABLE, e.getMessage()).build();
    }

    @ServerExceptionMapper
    Response refused(RedriveTooLargeException e) {
        return answer(Status.REQUEST_ENTITY_TOO_LARGE, e.getMessage()).build();
    }

    static Response.ResponseBuilder answer(Status status, String message) {
        return answer(status, new Problem(message, null, null));
    }

    private static Response.ResponseBuilder answer(Status status, Object problem) {
        return Response.status(status).type(MediaType.APPLICATION_JSON_TYPE).entity(problem);
    }
}
