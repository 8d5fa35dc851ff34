package textbook;

import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.orderstream.bench.SelfReport;
import io.orderstream.order.Order;

/** The sum of all orders. */
@ApplicationScoped
public class Sales {

    private final AtomicLong orders = new AtomicLong();
    private final AtomicLong cents = new AtomicLong();
    private final SelfReport report = new SelfReport();
    private final long expected;

    Sales(@ConfigProperty(name = "bench.records") long expected) {
        this.expected = expected;
    }

    void add(Order order) {
        long count = orders.incrementAndGet();
        if (count == 1) {
            report.started();
        }
        long sum = cents.addAndGet(Math.round(order.getPrice() * 100.0));
        if (count == expected) {
            report.finished(count, sum);
        }
    }
}
