package io.orderstream.dev;

import java.time.Duration;
import java.time.Instant;

import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

import org.jboss.logging.Logger;

import io.orderstream.api.FailureAnswers;
import io.orderstream.order.OrderGenerator;
import io.orderstream.order.OrderHandler;
import io.orderstream.order.SimulatedOrderHandler;
import io.quarkus.arc.ClientProxy;
import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.ext.web.RoutingContext;

/**
 * REST resource of dev mode, for the page: changes rate and faults of the orders while the application runs, and gives it
 * troubles to get over. It is not part of the packaged application.
 * <p>
 * Nobody signs in here, so {@link io.orderstream.web.RequestGuard} keeps out the pages of other origins that are open in the
 * same browser.
 */
@IfBuildProfile("dev")
@Path(DevResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public class DevResource {

    static final String PATH = "/api/dev";

    private static final Logger LOG = Logger.getLogger(DevResource.class);
    private static final double MOST_PER_SECOND = 5_000;
    private static final int MOST_ORDERS = 100_000;
    private static final int MOST_SECONDS = 600;
    /** What the operating system has for a process that was killed by signal 9. */
    private static final int KILLED = 137;
    /** By then the answer is on its way. */
    private static final long KILL_AFTER_MILLIS = 100;

    private final OrderGenerator generator;
    private final OrderHandler handler;
    private final TrialFaults faults;

    DevResource(OrderGenerator generator, OrderHandler handler, TrialFaults faults) {
        this.generator = generator;
        this.handler = ClientProxy.unwrap(handler);
        this.faults = faults;
    }

    /**
     * What can be changed.
     *
     * @param ordersPerSecond orders the generator makes a second
     * @param errorRate share of orders the simulated handler fails; null if there is another handler
     * @param outageUntil when the dependency that was taken away is back; null if it is there
     */
    public record Trial(double ordersPerSecond, Double errorRate, Instant outageUntil) {
    }

    @GET
    public Trial trial() {
        Double errorRate = handler instanceof SimulatedOrderHandler simulated ? simulated.errorRate() : null;
        return new Trial(generator.perSecond(), errorRate, faults.outageUntil());
    }

    /** Changes rate and faults; what is left out stays as it is. */
    @POST
    @Path("faults")
    @Consumes(MediaType.APPLICATION_JSON)
    public Trial faults(byte[] body, @Context HttpHeaders headers) {
        DevInput input = DevInput.read(headers, body, "ordersPerSecond", "errorRate");
        Double perSecond = input.optional("ordersPerSecond", MOST_PER_SECOND);
        Double errorRate = input.optional("errorRate", 1);
        if (errorRate != null && !(handler instanceof SimulatedOrderHandler)) {
            throw conflict("the orders go to " + handler.getClass().getName() + ", whose faults are its own");
        }
        if (perSecond != null) {
            checkGenerator();
            generator.perSecond(perSecond);
        }
        if (errorRate != null) {
            ((SimulatedOrderHandler) handler).errorRate(errorRate);
        }
        return trial();
    }

    /** Writes orders beside those at intervals. */
    @POST
    @Path("orders")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response orders(byte[] body, @Context HttpHeaders headers) {
        return ask(DevInput.read(headers, body, "count").whole("count", MOST_ORDERS), "");
    }

    /** Writes an order that can never succeed. */
    @POST
    @Path("poison")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response poison(byte[] body, @Context HttpHeaders headers) {
        DevInput.read(headers, body);
        return ask(1, TrialFaults.POISON);
    }

    private Response ask(int orders, String idPrefix) {
        checkGenerator();
        if (!generator.ask(orders, idPrefix)) {
            throw conflict("too many orders wait to be written already");
        }
        return Response.accepted(trial()).build();
    }

    /** Takes the dependency of the handler away, for so many seconds from now. */
    @POST
    @Path("outage")
    @Consumes(MediaType.APPLICATION_JSON)
    public Trial outage(byte[] body, @Context HttpHeaders headers) {
        int seconds = DevInput.read(headers, body, "seconds").whole("seconds", MOST_SECONDS);
        faults.takeDependencyAway(Duration.ofSeconds(seconds));
        return trial();
    }

    /** Ends this process at once, as {@code kill -9} does: nothing is drained, committed or closed. */
    @POST
    @Path("kill")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response kill(byte[] body, @Context HttpHeaders headers, @Context RoutingContext request) {
        DevInput.read(headers, body);
        LOG.warnf("killed, as it was asked for: path=%s", PATH + "/kill");
        request.addEndHandler(
                sent -> request.vertx().setTimer(KILL_AFTER_MILLIS, timer -> Runtime.getRuntime().halt(KILLED)));
        return Response.accepted().build();
    }

    private void checkGenerator() {
        if (generator.isOff()) {
            throw conflict("the generator is off, since ORDERS_COUNT is 0: start without it");
        }
    }

    private static ClientErrorException conflict(String detail) {
        return new ClientErrorException(FailureAnswers.answer(Status.CONFLICT, detail).build());
    }
}
