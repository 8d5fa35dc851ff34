package io.orderstream.order;

import org.jboss.logging.Logger;

import io.orderstream.pipeline.Delivery;
import io.orderstream.pipeline.RecordNotReadyException;
import io.smallrye.mutiny.Uni;

/** Stands in while there is no other handler: does nothing, and fails the share of orders it was told to. */
public final class SimulatedOrderHandler implements OrderHandler {

    private static final Logger LOG = Logger.getLogger(SimulatedOrderHandler.class);
    private static final Uni<Void> DONE = Uni.createFrom().voidItem();

    private final SimulatedFaults faults;

    SimulatedOrderHandler(OrderSettings settings) {
        this.faults = new SimulatedFaults(settings.errorSimulationRate());
    }

    @Override
    public Uni<Void> handle(Delivery<Order> order) {
        if (LOG.isTraceEnabled()) {
            LOG.tracef("attempt: record=%s attempt=%d", order.id(), order.attempt());
        }
        SimulatedFaults.Fault fault = faults.of(order.value().getOrderId());
        return switch (fault.kind()) {
            case NONE -> DONE;
            case POISON -> Uni.createFrom().failure(
                    new PoisonOrderException("simulated poison: order " + order.value().getOrderId() + " can never succeed"));
            case TRANSIENT -> order.attempt() > fault.failingAttempts() ? DONE
                    : Uni.createFrom()
                            .failure(new RecordNotReadyException("simulated fault: attempt " + order.attempt() + " of "
                                    + fault.failingAttempts() + " that fail for order " + order.value().getOrderId()));
        };
    }
}
