package io.orderstream.tracker;

import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

/**
 * What is done with an item order: the place for your own business logic. Any application-scoped CDI bean that implements it
 * replaces {@link LoggingItemOrderHandler}. Called on an event loop, must not block.
 */
public interface ItemOrderHandler {

    /**
     * Handles an item order once. It is called again when it fails; {@link io.orderstream.record.PoisonException} makes that
     * pointless, and the order a dead letter.
     *
     * @return completes when it is done
     */
    Uni<Void> handle(Delivery<ItemOrder> order);
}
