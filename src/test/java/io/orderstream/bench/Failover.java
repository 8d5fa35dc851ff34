package io.orderstream.bench;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.orderstream.bench.Scenario.Row;

/** What it costs when one of three instances ends, or all of them one after another, seen by the endpoint for orders. */
final class Failover {

    private static final double PER_SECOND = 600;
    private static final int SECONDS = 75;
    private static final int SECONDS_BEFORE = 10;
    private static final int INSTANCES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Bench bench;

    Failover(Bench bench) {
        this.bench = bench;
    }

    Scenario scenario() {
        return new Scenario("failover",
                Scenarios.text("Three instances with the default settings and %.0f orders a second for %d s, "
                        + "each posted to the endpoint. An order is late that comes there more than a second after it was due.",
                        PER_SECOND,
                        SECONDS),
                Plot.BARS, List.of(Figure.STANDSTILL, Figure.CAUGHT_UP, Figure.TWICE),
                List.of(row("graceful stop of one", InstanceGroup::stopOldest),
                        row("kill -9 of one", InstanceGroup::killOldest),
                        row("rolling update", group -> IntStream.range(0, INSTANCES).forEach(i -> {
                            group.stopOldest();
                            group.start();
                        }))));
    }

    private Row row(String name, Consumer<InstanceGroup> event) {
        return new Row(name, () -> measure(bench.group(name), event));
    }

    private Measurement measure(String name, Consumer<InstanceGroup> event) {
        long records = (long) (PER_SECOND * SECONDS);
        BenchOrders orders = new BenchOrders(bench, name, OrderMix.of(0), bench.endpoint().settings()).paced(PER_SECOND,
                records, 0);
        try (InstanceGroup group = new InstanceGroup(orders.environment(name))) {
            IntStream.range(0, INSTANCES).forEach(i -> group.start());
            bench.endpoint().reset();
            orders.isRead();
            await().atMost(PATIENCE).until(() -> group.finished() > PER_SECOND * SECONDS_BEFORE);
            bench.endpoint().mark();
            event.accept(group);
            Orderstream.awaitGroupTotals(group.any().api(), orders);
            return Measurement.parse(bench.endpoint().report());
        }
    }
}
