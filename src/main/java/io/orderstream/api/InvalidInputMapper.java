package io.orderstream.api;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Maps {@link InvalidInputException} to status 400 with the field, its rule and its value. */
@Provider
public class InvalidInputMapper implements ExceptionMapper<InvalidInputException> {

    /** Body of the response. */
    @RegisterForReflection
    public record Problem(String field, String rule, String value, String message) {
    }

    @Override
    public Response toResponse(InvalidInputException e) {
        return Response.status(Response.Status.BAD_REQUEST).type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new Problem(e.field(), e.rule(), e.value(), e.getMessage())).build();
    }
}
