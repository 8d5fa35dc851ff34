package io.orderstream.fulfilment;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.smallrye.mutiny.Uni;

/** REST client of the endpoint to which orders are posted, at exactly the URL of the settings. */
@Path("")
public interface FulfilmentApi {

    /**
     * @param idempotencyKey the same for every attempt at an order
     * @return the response, whatever its status; fails if there is none
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<Response> post(@HeaderParam("Idempotency-Key") String idempotencyKey, FulfilmentOrder order);
}
