package io.orderstream.api;

import java.lang.annotation.Annotation;

import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

import org.apache.kafka.common.errors.RetriableException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

import io.orderstream.event.InvalidEventException;
import io.orderstream.kafka.WriteRefusedException;
import io.orderstream.kafka.WriteUnavailableException;
import io.orderstream.redrive.RedriveTooLargeException;
import io.orderstream.redrive.RedriveUnavailableException;
import io.orderstream.support.Failures;
import io.orderstream.tracker.InvalidItemOrderException;
import io.orderstream.web.AllowedMethods;
import io.orderstream.web.Problem;
import io.smallrye.mutiny.TimeoutException;

/**
 * Answers to what was asked for in a wrong way, or was sent and is not in its topic: what to mend, or to try again later. Each
 * has a {@link Problem} as its body; requests that do not get as far as a resource are answered by
 * {@link io.orderstream.web.ProblemRoutes}.
 */
public class FailureAnswers {

    private static final MediaType PROBLEM = MediaType.valueOf(Problem.MEDIA_TYPE);
    private static final int TRY_AGAIN_SECONDS = 5;

    @ServerExceptionMapper
    Response invalid(InvalidInputException e) {
        return answer(Problem.invalid(Status.BAD_REQUEST.getStatusCode(), e.getMessage(), e.field(), e.rule(), e.value()))
                .build();
    }

    @ServerExceptionMapper
    Response invalid(InvalidEventException e) {
        return answer(Problem.invalid(Status.BAD_REQUEST.getStatusCode(), e.getMessage(), e.stage().label(), e.violations()))
                .build();
    }

    @ServerExceptionMapper
    Response invalid(InvalidItemOrderException e) {
        return answer(Problem.invalid(Status.BAD_REQUEST.getStatusCode(), e.getMessage(), null, e.violations())).build();
    }

    @ServerExceptionMapper
    Response unavailable(WriteUnavailableException e) {
        return answerForNow(e.getMessage()).build();
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

    /**
     * Gives the errors of the framework their body: an unknown method or content type, missing credentials, and so on. That of
     * an unknown method names those there are.
     */
    @ServerResponseFilter
    void complete(ContainerResponseContext response) {
        if (response.getStatus() == Status.METHOD_NOT_ALLOWED.getStatusCode()) {
            response.getHeaders().putSingle(HttpHeaders.ALLOW, String.join(", ", AllowedMethods.here()));
        }
        if (response.getStatus() >= Status.BAD_REQUEST.getStatusCode() && !response.hasEntity()) {
            response.setEntity(Problem.of(response.getStatus()), new Annotation[0], PROBLEM);
        }
    }

    /** What is thrown where the broker was asked, and did not answer or refused to. */
    static ServiceUnavailableException noAnswer(Throwable failure) {
        Throwable root = Failures.root(failure);
        String reason = root instanceof TimeoutException || root instanceof RetriableException ? "the broker does not answer"
                : "the broker does not say: " + Failures.shown(root);
        return new ServiceUnavailableException(answerForNow(reason).build());
    }

    /** An answer to begin with, to what may be tried again in a few seconds. */
    static Response.ResponseBuilder answerForNow(String detail) {
        return answer(Status.SERVICE_UNAVAILABLE, detail).header(HttpHeaders.RETRY_AFTER, TRY_AGAIN_SECONDS);
    }

    /** An answer to begin with, whose body is the problem that its detail describes. */
    public static Response.ResponseBuilder answer(Status status, String detail) {
        return answer(Problem.of(status.getStatusCode(), detail));
    }

    private static Response.ResponseBuilder answer(Problem problem) {
        return Response.status(problem.status()).type(PROBLEM).entity(problem);
    }
}
