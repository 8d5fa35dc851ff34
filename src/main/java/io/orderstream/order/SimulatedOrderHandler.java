package io.orderstream.order;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

/**
 * Stands in while there is no other handler: does nothing, and fails the share of orders it was told to. Thread safe.
 */
public final class SimulatedOrderHandler implements OrderHandler {

    private volatile SimulatedFaults faults;

    public SimulatedOrderHandler(OrderSettings settings) {
        this.faults = new SimulatedFaults(settings.errorSimulationRate());
    }

    /** The share of orders that it fails, 0 to 1. */
    public double errorRate() {
        return faults.rate();
    }

    /** From the next attempt on so many fail. */
    public void errorRate(double rate) {
        faults = new SimulatedFaults(rate);
    }

    @Override
    public Uni<Void> handle(Delivery<Order> order) {
        return faults.attempt("order", order.value().getOrderId(), order.attempt(), PoisonOrderException::new);
    }
}
