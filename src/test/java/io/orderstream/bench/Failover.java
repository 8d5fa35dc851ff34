package io.orderstream.bench;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.orderstream.bench.Scenario.Row;

/** What it costs when one of three instances ends, or all of them one after another, seen by the endpoint for orders. */
final class Failover {

    // What two cores take while a JVM starts beside three others.
    private static final double PER_SECOND = 150;
    private static final long MOST = 1_000_000;
    private static final int SECONDS_BEFORE = 10;
    private static final int SECONDS_AFTER = 20;
    private static final int INSTANCES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Bench bench;

    Failover(Bench bench) {
        this.bench = bench;
    }

    Scenario scenario() {
        return new Scenario("failover",
                Scenarios.text("Three instances with the default settings and %.0f orders a second, each posted to the "
                        + "endpoint, for %d s before and %d s after what happens. An order is late that comes there more than a second after it was due. "
                        + "In a rolling update the next instance is at work before one of the old ones stops, as a Deployment "
                        + "does it; static members (`GROUP_INSTANCE_ID`) begin under the name of one that has stopped, as a "
                        + "StatefulSet does it.",
                        PER_SECOND,
                        SECONDS_BEFORE, SECONDS_AFTER),
                Plot.BARS, List.of(Figure.STANDSTILL, Figure.CAUGHT_UP, Figure.TWICE),
                List.of(row("graceful stop of one", false, InstanceGroup::stopOldest),
                        row("kill -9 of one", false, InstanceGroup::killOldest),
                        row("rolling update", false, group -> each(() -> {
                            group.start();
                            group.stopOldest();
                        })),
                        row("static members: kill -9 of one, started again", true, group -> group.start(group.killOldest())),
                        row("static members: rolling update", true, group -> each(() -> group.start(group.stopOldest())))));
    }

    private static void each(Runnable update) {
        IntStream.range(0, INSTANCES).forEach(i -> update.run());
    }

    private Row row(String name, boolean isStatic, Consumer<InstanceGroup> event) {
        return new Row(name, () -> measure(bench.group(name), isStatic, event));
    }

    private Measurement measure(String name, boolean isStatic, Consumer<InstanceGroup> event) {
        BenchOrders orders = new BenchOrders(bench, name, OrderMix.of(0), bench.endpoint().settings()).paced(PER_SECOND,
                MOST, 0);
        try (InstanceGroup group = new InstanceGroup(orders.environment(name), isStatic)) {
            IntStream.range(0, INSTANCES).forEach(i -> group.start());
            bench.endpoint().reset();
            orders.isRead();
            await().atMost(PATIENCE).until(() -> group.finished() > PER_SECOND * SECONDS_BEFORE);
            bench.endpoint().mark();
            event.accept(group);
            double enough = orders.written() + PER_SECOND * SECONDS_AFTER;
            await().atMost(PATIENCE).until(() -> orders.written() > enough);
            orders.end();
            Orderstream.awaitGroupTotals(group.any().api(), orders);
            return Measurement.parse(bench.endpoint().report());
        }
    }
}
