package io.orderstream.order;

import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

/**
 * What is done with an order: the place for your own business logic. Any application-scoped CDI bean that
 * implements it replaces {@link SimulatedOrderHandler} and the one that calls an HTTP endpoint.
 * <p>
 * There are two ways, and the interface you implement is the choice: this one is called on an event loop and must not block;
 * {@link BlockingOrderHandler} is called on a worker thread and may. Orders of one id come one after
 * another, different ones at the same time. After a crash or a rebalance an order whose offset was not committed comes again:
 * {@link Delivery#id()} is the same then, and serves as idempotency key.
 */
public interface OrderHandler {

    /**
     * Handles one attempt of an order.
     *
     * @param order the order, and which attempt this is
     * @return completes when the order is done. A {@link PoisonOrderException}, thrown or as the failure, makes it a dead
     *         letter at once; any other failure is tried again after a backoff
     */
    Uni<Void> handle(Delivery<Order> order);
}
