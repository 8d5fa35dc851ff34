package io.orderstream.bench;

import java.util.List;
import java.util.Map;

import io.orderstream.bench.Scenario.Row;

/** How long an order takes from the moment it is to be written until it is processed, at half of the highest rate. */
final class LatencyScenarios {

    private static final List<Figure> COLUMNS = List.of(Figure.P99, Figure.P50, Figure.P999, Figure.PEAK_MEMORY);
    private static final Map<String, String> TIMED = Map.of("BENCH_LATENCIES", "true");
    private static final int SECONDS = 30;
    private static final int WARM_UP_SECONDS = 10;
    private static final int THREADS = 200;
    private static final double SHARE_OF_RETRIES = 0.05;

    private final Bench bench;
    private final Contenders contenders;
    private int topics;

    LatencyScenarios(Bench bench, Contenders contenders) {
        this.bench = bench;
        this.contenders = contenders;
    }

    List<Scenario> scenarios() {
        return List.of(nothingToDo(), calls());
    }

    private Scenario nothingToDo() {
        OrderMix backlog = OrderMix.of(Scenarios.sized(1_000_000));
        double rate = half(new BenchOrders(bench, "latency-highest", backlog, TIMED), contenders.timed());
        List<Contender> readers = List.of(contenders.bareLoop(), contenders.spring(6, 5_000), contenders.timed());
        return new Scenario("latency",
                Scenarios.text("%,.0f orders a second, half of what orderstream reads at most here, for %d s; "
                        + "the handler does nothing.", rate, seconds(SECONDS)),
                Plot.BARS, COLUMNS,
                readers.stream()
                        .map(reader -> new Row(reader.name(), () -> bench.measure(reader, paced(backlog.part(4), rate, TIMED))))
                        .toList());
    }

    private Scenario calls() {
        Map<String, String> endpoint = bench.endpoint().settings();
        OrderMix backlog = OrderMix.of(Scenarios.sized(20_000));
        double rate = half(new BenchOrders(bench, "latency-calls-highest", backlog, endpoint), contenders.orderstream());
        OrderMix few = backlog.part(20);
        return new Scenario("latency-calls",
                Scenarios.text("%,.0f orders a second, half of what orderstream posts at most here, for "
                        + "%d s, until the endpoint has the call. With retries, 5 %% of the orders fail twice; only the others are timed.",
                        rate, seconds(SECONDS)),
                Plot.BARS, COLUMNS,
                List.of(called("", contenders.orderstream(), few, rate),
                        called("", contenders.parallelConsumer(THREADS), few, rate),
                        called(", 5 % retries", contenders.orderstream(), few.withFaults(SHARE_OF_RETRIES, 0), rate),
                        called(", 5 % retries", contenders.parallelConsumer(THREADS), few.withFaults(SHARE_OF_RETRIES, 0),
                                rate)));
    }

    private double half(BenchOrders orders, Contender contender) {
        return bench.measure(contender, orders).figures().get(Figure.PER_SECOND) / 2;
    }

    private Row called(String suffix, Contender contender, OrderMix mix, double rate) {
        return new Row(contender.name() + suffix, () -> {
            Measurement measured = bench.measure(contender, paced(mix, rate, bench.endpoint().settings()));
            return measured.with(Measurement.parse(bench.endpoint().report()));
        });
    }

    /** Those that are there warm the contender up, as do the first that come. */
    private BenchOrders paced(OrderMix backlog, double rate, Map<String, String> settings) {
        long warmUp = (long) (rate * seconds(WARM_UP_SECONDS));
        return new BenchOrders(bench, "latency-" + ++topics, backlog, settings)
                .paced(rate, warmUp + (long) (rate * seconds(SECONDS)), warmUp);
    }

    private static long seconds(long full) {
        return Math.max(2, Scenarios.sized(full));
    }
}
