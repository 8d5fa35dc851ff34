package io.orderstream.tracker;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.orderstream.support.LogText;
import io.quarkus.arc.DefaultBean;
import io.smallrye.mutiny.Uni;

/** Stands in while there is no other handler: says what has been ordered, and fails the share of orders it was told to. */
@ApplicationScoped
@DefaultBean
public class LoggingItemOrderHandler implements ItemOrderHandler {

    private static final Logger LOG = Logger.getLogger("io.orderstream.tracker");

    private final SimulatedFaults faults;

    LoggingItemOrderHandler(TrackerSettings settings) {
        this.faults = new SimulatedFaults(settings.errorRate());
    }

    @Override
    public Uni<Void> handle(Delivery<ItemOrder> order) {
        ItemOrder value = order.value();
        return faults.attempt("item order", value.id(), order.attempt(), PoisonException::new).invoke(() -> log(value));
    }

    private static void log(ItemOrder order) {
        if (LOG.isDebugEnabled()) {
            LOG.debugf("Received order: %d x %s from %s", order.quantity(), LogText.line(order.item()),
                    LogText.line(order.user()));
        }
    }
}
