package io.orderstream.fulfilment;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status.Family;

import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;

import io.orderstream.order.Money;
import io.orderstream.order.Order;
import io.orderstream.order.OrderHandler;
import io.orderstream.record.Delivery;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;

/**
 * Posts each order to the HTTP endpoint of the settings, once per attempt: the client neither retries nor follows
 * redirects. The header {@code Idempotency-Key} is {@link Delivery#id()}, by which the endpoint can recognise an
 * order it has already accepted. {@link FulfilmentFailures} maps error responses to exceptions.
 * <p>
 * Uses HTTP/1.1. The certificate of an https endpoint is checked against the JVM's trust store.
 */
public final class FulfilmentOrderHandler implements OrderHandler, Closeable {

    /**
     * Idle time after which the client closes a connection. It must be shorter than the server's, or an order may be
     * posted over a connection that is just being closed; among common servers Node's is shortest, with 5 seconds.
     */
    private static final int IDLE_SECONDS = 4;

    private final Endpoint endpoint;
    private final Duration longest;
    private final CallLimit limit;
    private final FulfilmentFailures failures = new FulfilmentFailures(Clock.systemUTC());

    /** REST client of the endpoint, at exactly the URL of the settings. */
    @Path("")
    public interface Endpoint {

        /**
         * @param idempotencyKey the same for every attempt at an order
         * @return the response, whatever its status; fails if there is none
         */
        @POST
        @Consumes(MediaType.APPLICATION_JSON)
        Uni<Response> post(@HeaderParam("Idempotency-Key") String idempotencyKey, Body order);
    }

    /**
     * JSON body in which an order is posted.
     *
     * @param price in units of the currency, with two decimal places
     */
    @RegisterForReflection
    public record Body(String orderId, String product, BigDecimal price) {

        static Body of(Order order) {
            return new Body(order.getOrderId(), order.getProduct(), BigDecimal.valueOf(Money.cents(order), 2));
        }
    }

    /**
     * @param settings settings with a URL
     * @param starters see {@link CallLimit#CallLimit}
     */
    FulfilmentOrderHandler(FulfilmentSettings settings, Supplier<Executor> starters) {
        long timeoutMillis = settings.timeout().toMillis();
        // The client's timeout applies to the connection and then to each part of the response; this bounds them all.
        // A call cancelled while it waits for a connection would leak the connection it gets later.
        this.longest = settings.timeout().multipliedBy(2);
        this.limit = new CallLimit(settings.connections(), starters);
        this.endpoint = QuarkusRestClientBuilder.newBuilder().baseUri(settings.url().orElseThrow()).userAgent("orderstream")
                .readTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                // Shorter than the read timeout: only a connect timeout proves that the endpoint was not reached.
                .connectTimeout(Math.max(1, timeoutMillis / 2), TimeUnit.MILLISECONDS)
                .property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, settings.connections())
                .property(QuarkusRestClientProperties.CONNECTION_TTL, IDLE_SECONDS)
                .followRedirects(false)
                // The default mapper throws on 4xx and 5xx, and loses Retry-After.
                .disableDefaultMapper(true)
                .build(Endpoint.class);
    }

    @Override
    public Uni<Void> handle(Delivery<Order> order) {
        return limit.call(Uni.createFrom().deferred(() -> endpoint.post(order.id(), Body.of(order.value())))
                .ifNoItem().after(longest)
                .failWith(() -> new TimeoutException("not complete within " + longest.toMillis() + " ms"))
                .onFailure().transform(failures::ofCall)
                .invoke(this::judge).replaceWithVoid());
    }

    private void judge(Response answer) {
        if (answer.getStatusInfo().getFamily() != Family.SUCCESSFUL) {
            throw failures.ofAnswer(answer.getStatus(), answer.getHeaderString(HttpHeaders.RETRY_AFTER), body(answer));
        }
    }

    private static byte[] body(Response answer) {
        try {
            return answer.hasEntity() ? answer.readEntity(byte[].class) : new byte[0];
        } catch (RuntimeException e) {
            // The Content-Type cannot be parsed; the status is enough.
            return new byte[0];
        }
    }

    /** Closes the client; calls in progress fail. */
    @Override
    public void close() {
        try {
            ((Closeable) endpoint).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
