package io.orderstream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.orderstream.bench.Scenario.Row;

/** What the benchmark measures: each scenario writes its orders when it is asked for. */
final class Scenarios {

    /** All sizes are multiplied by it: less than 1 is for trying out. */
    static final double SCALE = Double.parseDouble(System.getProperty("bench.scale", "1"));

    private static final List<Figure> COST = List.of(Figure.PER_SECOND, Figure.CPU, Figure.BROKER_CPU, Figure.BYTES,
            Figure.PEAK_MEMORY);
    private static final List<Figure> COST_OF_SO_MANY = List.of(Figure.PER_SECOND, Figure.ORDERS, Figure.CPU, Figure.BROKER_CPU,
            Figure.PEAK_MEMORY);
    private static final int THREADS = 200;
    private static final int PAGES = 10;
    private static final int BLOCKING_PART = 10;
    private static final double SHARE_OF_FAULTS = 0.05;

    private final Bench bench;
    private final Contenders contenders = new Contenders();

    Scenarios(Bench bench) {
        this.bench = bench;
    }

    /** Those of a number, as the issue and the document count them. */
    List<Scenario> of(int number) {
        return switch (number) {
            case 1 -> List.of(nothingToDo());
            case 2 -> List.of(calls());
            case 3 -> List.of(faults(), lastingFaults());
            case 4 -> new Growth(bench, contenders).scenarios();
            case 5 -> new LatencyScenarios(bench, contenders).scenarios();
            case 6 -> List.of(new Failover(bench).scenario());
            case 7 -> List.of(new Writing(bench).scenario());
            default -> throw new IllegalArgumentException("-Dbench.scenario is a number from 1 to 7, or several, such as 1,2");
        };
    }

    /** A size that is the full one in the document. */
    static long sized(long full) {
        return Math.max(1, (long) (full * SCALE));
    }

    static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    private Scenario nothingToDo() {
        BenchOrders orders = new BenchOrders(bench, "nothing-to-do", OrderMix.of(sized(4_000_000)), Map.of());
        // Not measured: the broker warms up for whoever comes first.
        contenders.bareLoop().run(orders, "warm-up");
        List<Row> rows = new ArrayList<>(List.of(row(contenders.bareLoop(), orders), row(contenders.textbook(), orders)));
        for (int threads : new int[] { 1, 6 }) {
            for (int poll : new int[] { 500, 5_000 }) {
                Contender spring = contenders.spring(threads, poll);
                rows.add(new Row(spring.name(), "spring-kafka", () -> bench.measure(spring, orders)));
            }
        }
        rows.addAll(List.of(row(contenders.parallelConsumer(16), orders), row(contenders.orderstream(), orders),
                row(contenders.ordersAlone(), orders),
                row(contenders.orderstream().withPages(PAGES), orders)));
        return new Scenario("nothing-to-do",
                text("%,d orders, each under a key of its own, and a handler that does nothing.", orders.records()), Plot.BARS,
                COST,
                rows);
    }

    private Scenario calls() {
        OrderMix mix = OrderMix.of(sized(100_000)).withKeys((int) sized(10_000));
        BenchOrders orders = called("calls", mix);
        BenchOrders part = called("calls-part", mix.part(BLOCKING_PART));
        return new Scenario("calls", "The handler posts each order to an HTTP endpoint that answers after 20 ms. Orders of "
                + text("%,d keys.", mix.keys()), Plot.BARS, COST_OF_SO_MANY,
                List.of(row(contenders.spring(6, 500), part), row(contenders.parallelConsumer(THREADS), orders),
                        row(contenders.orderstream(), orders), row(contenders.ordersAlone(), orders)));
    }

    private Scenario faults() {
        OrderMix mix = OrderMix.of(sized(50_000));
        OrderMix faulty = mix.withFaults(SHARE_OF_FAULTS, SHARE_OF_FAULTS);
        BenchOrders without = called("faults-none", mix);
        BenchOrders with = called("faults", faulty);
        BenchOrders part = called("faults-part", faulty.part(BLOCKING_PART));
        return new Scenario("faults",
                "The same endpoint refuses 5 % of the orders for good, and fails twice for another 5 %, which "
                        + "are tried again after 1 and after 2 s.",
                Plot.BARS, COST_OF_SO_MANY,
                List.of(row("orderstream, no faults", contenders.orderstream(), without),
                        row(contenders.orderstream(), with),
                        row("Parallel Consumer, no faults", contenders.parallelConsumer(THREADS), without),
                        row(contenders.parallelConsumer(THREADS), with), row(contenders.spring(6, 500), part)));
    }

    /** Of few orders, the start and the wait for the last retries are most of the time. */
    private Scenario lastingFaults() {
        OrderMix mix = OrderMix.of(sized(1_600_000));
        return new Scenario("faults-lasting", "The same with 32 times as many orders.", Plot.BARS, COST_OF_SO_MANY,
                List.of(row("orderstream, no faults", contenders.orderstream(), called("faults-lasting-none", mix)),
                        row(contenders.orderstream(),
                                called("faults-lasting", mix.withFaults(SHARE_OF_FAULTS, SHARE_OF_FAULTS)))));
    }

    private Row row(Contender contender, BenchOrders orders) {
        return row(contender.name(), contender, orders);
    }

    private Row row(String name, Contender contender, BenchOrders orders) {
        return new Row(name, () -> bench.measure(contender, orders));
    }

    private BenchOrders called(String topic, OrderMix mix) {
        return new BenchOrders(bench, topic, mix, bench.endpoint().settings());
    }
}
