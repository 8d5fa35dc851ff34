package io.orderstream.fulfilment;

import static io.orderstream.testsupport.Patience.PATIENCE;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.orderstream.order.Attempt;
import io.orderstream.order.Order;
import io.orderstream.order.OrderHandler;
import io.quarkus.tls.TlsConfiguration;
import io.vertx.core.Vertx;

/** Calls endpoints as the handler does, without a pipeline around it. */
final class FulfilmentCalls implements AutoCloseable {

    private final Vertx vertx;
    private final Duration timeout;
    private final List<FulfilmentOrderHandler> handlers = new ArrayList<>();

    FulfilmentCalls(Vertx vertx, Duration timeout) {
        this.vertx = vertx;
        this.timeout = timeout;
    }

    /** Hands over so many orders at the same time, and gives the failures among what becomes of them. */
    List<Throwable> failures(String url, int connections, int orders) {
        return failures(new Trial(URI.create(url), timeout, connections), Optional.empty(), orders);
    }

    /** Likewise, with credentials and certificates. */
    List<Throwable> failures(Trial settings, Optional<TlsConfiguration> tls, int orders) {
        FulfilmentOrderHandler handler = new FulfilmentOrderHandler(vertx, settings, tls,
                () -> task -> vertx.runOnContext(ignored -> task.run()));
        handlers.add(handler);
        return failures(handler, orders);
    }

    /** Hands over so many orders to a handler of somebody else's. */
    static List<Throwable> failures(OrderHandler handler, int orders) {
        List<CompletableFuture<Throwable>> results = IntStream.range(0, orders)
                .mapToObj(number -> handler.handle(new Attempt(order(number), 1, number)).onItemOrFailure()
                        .transform((done, failure) -> failure)
                        .subscribeAsCompletionStage())
                .toList();
        return results.stream().map(result -> result.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                .filter(Objects::nonNull).toList();
    }

    private static Order order(int number) {
        return new Order("order-" + number, "Laptop", 12.34f);
    }

    /** Closes the connections. */
    @Override
    public void close() {
        handlers.forEach(FulfilmentOrderHandler::close);
    }

    /** Settings of an endpoint. */
    record Trial(Optional<URI> url, Duration timeout, int connections, Optional<String> user, Optional<String> password,
            Optional<String> token, Optional<String> tls) implements FulfilmentSettings {

        Trial(URI url, Duration timeout, int connections) {
            this(Optional.of(url), timeout, connections, Optional.empty(), Optional.empty(), Optional.empty(),
                    Optional.empty());
        }

        Trial user(String name, String word) {
            return new Trial(url, timeout, connections, Optional.of(name), Optional.of(word), token, tls);
        }

        Trial token(String value) {
            return new Trial(url, timeout, connections, user, password, Optional.of(value), tls);
        }

        Trial tls(String name) {
            return new Trial(url, timeout, connections, user, password, token, Optional.of(name));
        }
    }
}
