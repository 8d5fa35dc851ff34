package io.orderstream.fulfilment;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.smallrye.mutiny.Uni;

/** The endpoint orders are posted to, at the url of the settings as it stands; Quarkus' REST client implements it. */
@Path("")
public interface FulfilmentApi {

    /**
     * @param idempotencyKey the same whenever the same order is posted again
     * @return the answer, whatever its status; fails if there is none
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<Response> post(@HeaderParam("Idempotency-Key") String idempotencyKey, FulfilmentOrder order);
}
