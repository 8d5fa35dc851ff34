package io.orderstream.order;

import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

/**
 * An {@link OrderHandler} whose work blocks: a JDBC call, a client that waits, plain Java. It is called on a worker thread, at
 * most {@code HANDLER_THREADS} at a time, or each on a virtual thread of its own with {@code VIRTUAL_THREADS=true} on JDK 21 or
 * later. Orders of one id still come one after another.
 */
public interface BlockingOrderHandler extends OrderHandler {

    /**
     * Handles one attempt of an order. May block. Interrupted only when the application stops without waiting any longer.
     *
     * @param order the order, and which attempt this is
     * @throws Exception {@link PoisonOrderException} makes it a dead letter at once; any other is tried again after a backoff
     */
    void handleBlocking(Delivery<Order> order) throws Exception;

    /** {@inheritDoc} Here: calls {@link #handleBlocking(Delivery)} on the calling thread, which is a worker. */
    @Override
    default Uni<Void> handle(Delivery<Order> order) {
        try {
            handleBlocking(order);
            return Uni.createFrom().voidItem();
        } catch (Exception e) {
            return Uni.createFrom().failure(e);
        }
    }
}
