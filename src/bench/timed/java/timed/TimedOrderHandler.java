package timed;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.bench.Latencies;
import io.orderstream.order.Order;
import io.orderstream.order.OrderHandler;
import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

/** Does nothing but look at the time. */
@ApplicationScoped
public class TimedOrderHandler implements OrderHandler {

    private static final Uni<Void> DONE = Uni.createFrom().voidItem();

    private final Latencies latencies = new Latencies(Long.parseLong(System.getenv("BENCH_RECORDS")));

    @Override
    public Uni<Void> handle(Delivery<Order> order) {
        latencies.add(order.value().getOrderId());
        return DONE;
    }
}
