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
        FulfilmentOrderHandler handler = new FulfilmentOrderHandler(vertx,
                new Trial(Optional.of(URI.create(url)), timeout, connections),
                () -> task -> vertx.runOnContext(ignored -> task.run()));
        handlers.add(handler);
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

    private record Trial(Optional<URI> url, Duration timeout, int connections) implements FulfilmentSettings {
    }
}
