package io.orderstream.fulfilment;

import java.util.concurrent.Executor;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

import io.orderstream.order.OrderHandler;
import io.orderstream.order.OrderSettings;
import io.orderstream.order.SimulatedOrderHandler;
import io.quarkus.arc.DefaultBean;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** CDI producer of the default {@link OrderHandler}; any other bean of that type replaces it. */
@ApplicationScoped
public class OrderHandlers {

    @Produces
    @DefaultBean
    @ApplicationScoped
    OrderHandler handler(FulfilmentSettings fulfilment, OrderSettings orders, Vertx vertx) {
        if (fulfilment.url().isEmpty()) {
            return new SimulatedOrderHandler(orders);
        }
        return new FulfilmentOrderHandler(vertx, fulfilment, () -> here(vertx));
    }

    /** An executor on the current Vert.x context: its locals (trace, correlation) belong to the call. */
    private static Executor here(Vertx vertx) {
        Context here = vertx.getOrCreateContext();
        return task -> here.runOnContext(ignored -> task.run());
    }

    /** Runs after the shutdown event, during which the pipeline waits for calls in progress. */
    void close(@Disposes OrderHandler handler) {
        if (handler instanceof FulfilmentOrderHandler calling) {
            calling.close();
        }
    }
}
