package io.orderstream.fulfilment;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status.Family;

import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;

import io.orderstream.order.Order;
import io.orderstream.order.OrderHandler;
import io.orderstream.record.Delivery;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.mutiny.Uni;

/**
 * Posts each order to the HTTP endpoint of the settings, once an attempt: the client neither repeats a call nor follows
 * a redirect. The header {@code Idempotency-Key} is {@link Delivery#id()}, by which the endpoint knows an order it has
 * already taken. What the answers mean: {@link FulfilmentFailures}.
 * <p>
 * HTTP/1.1. Certificates of an endpoint with https are checked against the trust store of the JVM.
 */
public final class FulfilmentOrderHandler implements OrderHandler, Closeable {

    /**
     * Servers close idle connections, and an order posted over one that is just being closed has failed. Most wait for
     * longer than this; the quickest in common use, Node's, for 5 seconds.
     */
    private static final int IDLE_SECONDS = 4;

    private final FulfilmentApi endpoint;
    private final Duration longest;
    private final CallLimit limit;
    private final FulfilmentFailures failures = new FulfilmentFailures(Clock.systemUTC());

    /**
     * @param settings with a url
     * @param starters asked where a call is made; gives what starts it there if it has waited for others
     */
    FulfilmentOrderHandler(FulfilmentSettings settings, Supplier<Executor> starters) {
        long timeoutMillis = settings.timeout().toMillis();
        // The client gives the connection and then each part of the answer that time. This bounds the two together; a call must
        // not be cancelled while it has no connection yet, or the client never gives back the one it gets for it.
        this.longest = settings.timeout().multipliedBy(2);
        this.limit = new CallLimit(settings.connections(), starters);
        this.endpoint = QuarkusRestClientBuilder.newBuilder().baseUri(settings.url().orElseThrow()).userAgent("orderstream")
                .readTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                // Shorter: its failure shows that the endpoint was not reached, the other's does not.
                .connectTimeout(Math.max(1, timeoutMillis / 2), TimeUnit.MILLISECONDS)
                .property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, settings.connections())
                .property(QuarkusRestClientProperties.CONNECTION_TTL, IDLE_SECONDS)
                .followRedirects(false)
                // It would make an exception of a 4xx or 5xx, and lose Retry-After.
                .disableDefaultMapper(true)
                .build(FulfilmentApi.class);
    }

    @Override
    public Uni<Void> handle(Delivery<Order> order) {
        return limit.call(Uni.createFrom().deferred(() -> endpoint.post(order.id(), FulfilmentOrder.of(order.value())))
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
            // Its Content-Type is none; the status says enough.
            return new byte[0];
        }
    }

    /** Calls under way fail. */
    @Override
    public void close() {
        try {
            ((Closeable) endpoint).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
