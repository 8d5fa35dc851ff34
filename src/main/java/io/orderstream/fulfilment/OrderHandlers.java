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

/** Chooses the handler of orders, unless there is a bean of your own. */
@ApplicationScoped
public class OrderHandlers {

    @Produces
    @DefaultBean
    @ApplicationScoped
    OrderHandler handler(FulfilmentSettings fulfilment, OrderSettings orders, Vertx vertx) {
        if (fulfilment.url().isEmpty()) {
            return new SimulatedOrderHandler(orders);
        }
        return new FulfilmentOrderHandler(fulfilment, () -> here(vertx));
    }

    /** The context of Vert.x in which a call is made says what it belongs to. */
    private static Executor here(Vertx vertx) {
        Context here = vertx.getOrCreateContext();
        return task -> here.runOnContext(ignored -> task.run());
    }

    /** Comes after the shutdown event, in which the pipeline has waited for the calls under way. */
    void close(@Disposes OrderHandler handler) {
        if (handler instanceof FulfilmentOrderHandler calling) {
            calling.close();
        }
    }
}
