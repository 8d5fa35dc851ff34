package io.orderstream.fulfilment;

import java.io.Closeable;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.orderstream.order.Money;
import io.orderstream.order.Order;
import io.orderstream.order.OrderHandler;
import io.orderstream.record.Delivery;
import io.orderstream.support.BoundedHttp;
import io.orderstream.support.BoundedHttp.Answer;
import io.orderstream.support.BoundedHttp.Limits;
import io.orderstream.support.HttpCredentials;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SSLOptions;

/**
 * Posts each order to the HTTP endpoint of the settings, once per attempt: the client neither retries nor follows
 * redirects. The header {@code Idempotency-Key} is {@link Delivery#id()}, by which the endpoint can recognise an
 * order it has already accepted. {@link FulfilmentFailures} maps error responses to exceptions.
 * <p>
 * The status decides; of the body only the beginning is kept, as the reason of a failure, and no more than
 * {@link #LARGEST_BODY} is read. Uses HTTP/1.1. Credentials go to the URL of the settings only.
 */
public final class FulfilmentOrderHandler implements OrderHandler, Closeable {

    /** Bytes of a body that are read, so that the connection can be used again; of a larger answer it is closed. */
    static final int LARGEST_BODY = 64 * 1024;

    /**
     * Idle time after which the client closes a connection. It must be shorter than the server's, or an order may be
     * posted over a connection that is just being closed; among common servers Node's is shortest, with 5 seconds.
     */
    private static final int IDLE_SECONDS = 4;

    /** Vert.x looks at all connections of a client for each call. */
    private static final int MOST_CONNECTIONS_OF_A_CLIENT = 200;

    private final List<BoundedHttp> clients;
    private final URI url;
    private final Optional<HttpCredentials> credentials;
    private final long timeoutMillis;
    private final CallLimit limit;
    private final FulfilmentFailures failures = new FulfilmentFailures(Clock.systemUTC());

    /**
     * @param settings settings with a URL
     * @param tls keys and certificates; empty for the JVM's trust store
     * @param starters see {@link CallLimit#CallLimit}
     */
    FulfilmentOrderHandler(Vertx vertx, FulfilmentSettings settings, Optional<TlsConfiguration> tls,
            Supplier<Executor> starters) {
        this.url = settings.url().orElseThrow();
        this.credentials = HttpCredentials.of(settings.user(), settings.password(), settings.token());
        this.timeoutMillis = settings.timeout().toMillis();
        this.limit = new CallLimit(settings.connections(), starters);
        HttpClientOptions options = new HttpClientOptions().setKeepAliveTimeout(IDLE_SECONDS)
                // Shorter than the timeout of a call: only a connect timeout proves that the endpoint was not reached.
                .setConnectTimeout((int) Math.max(1, timeoutMillis / 2));
        tls.ifPresent(configuration -> TlsConfigUtils.configure(options, configuration));
        // The timeout applies to the connection and then to each part of the response; this bounds them all.
        Duration whole = settings.timeout().multipliedBy(2);
        Limits limits = new Limits(whole, FulfilmentFailures.BYTES_LOOKED_AT, LARGEST_BODY);
        this.clients = IntStream.iterate(settings.connections(), left -> left > 0, left -> left - MOST_CONNECTIONS_OF_A_CLIENT)
                .map(left -> Math.min(left, MOST_CONNECTIONS_OF_A_CLIENT))
                .mapToObj(size -> new BoundedHttp(vertx, options, new PoolOptions().setHttp1MaxSize(size), limits)).toList();
    }

    @Override
    public Uni<Void> handle(Delivery<Order> order) {
        return limit.call(place -> clients.get(place / MOST_CONNECTIONS_OF_A_CLIENT)
                .send(request(order.id()), body(order.value()).toBuffer())
                .onFailure().transform(failures::ofCall)
                .invoke(this::judge).replaceWithVoid());
    }

    private RequestOptions request(String idempotencyKey) {
        RequestOptions request = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url.toString())
                .setIdleTimeout(timeoutMillis)
                .putHeader("User-Agent", "orderstream").putHeader("Content-Type", "application/json")
                .putHeader("Idempotency-Key", idempotencyKey);
        credentials.ifPresent(known -> request.putHeader("Authorization", known.header()));
        return request;
    }

    /** The price is in units of the currency, with two decimal places. */
    private static JsonObject body(Order order) {
        return new JsonObject().put("orderId", order.getOrderId()).put("product", order.getProduct())
                .put("price", BigDecimal.valueOf(Money.cents(order), 2));
    }

    private void judge(Answer answer) {
        if (answer.status() / 100 != 2) {
            throw failures.ofAnswer(answer.status(), answer.retryAfter().orElse(null), answer.body().getBytes());
        }
    }

    /** Uses these keys and certificates for the connections it opens from now on. */
    void renew(SSLOptions tls) {
        clients.forEach(client -> client.renew(tls));
    }

    /** Closes the clients; calls in progress fail. */
    @Override
    public void close() {
        clients.forEach(BoundedHttp::close);
    }
}
