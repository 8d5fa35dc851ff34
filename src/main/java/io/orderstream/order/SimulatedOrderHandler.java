package io.orderstream.order;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

/** Stands in while there is no other handler: does nothing, and fails the share of orders it was told to. */
public final class SimulatedOrderHandler implements OrderHandler {

    private final SimulatedFaults faults;

    public SimulatedOrderHandler(OrderSettings settings) {
        this.faults = new SimulatedFaults(settings.errorSimulationRate());
    }

    @Override
    public Uni<Void> handle(Delivery<Order> order) {
        return faults.attempt("order", order.value().getOrderId(), order.attempt(), PoisonOrderException::new);
    }
}
