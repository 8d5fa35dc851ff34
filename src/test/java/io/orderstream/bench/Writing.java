package io.orderstream.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import io.orderstream.bench.Scenario.Row;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Jdks;

/** How many orders a second are confirmed to who writes them, seen by the ends of their topic. */
final class Writing {

    private static final List<Figure> COLUMNS = List.of(Figure.PER_SECOND, Figure.CPU, Figure.BROKER_CPU, Figure.BYTES,
            Figure.PEAK_MEMORY);
    private static final int PARTITIONS = 6;

    private final Bench bench;

    Writing(Bench bench) {
        this.bench = bench;
    }

    Scenario scenario() {
        long orders = Scenarios.sized(2_000_000);
        return new Scenario("writing",
                Scenarios.text("%,d orders, made, encoded, sent and confirmed. The generator (`ORDERS_INTERVAL=0`) "
                        + "belongs to an application that reads its orders at the same time, as it always does.", orders),
                Plot.BARS, COLUMNS,
                List.of(new Row("bare producer", () -> measure("producer", orders,
                        (options, environment) -> JavaPrograms.start(BareProducer.class, options, environment))),
                        new Row("generator of orderstream", () -> measure("generator", orders,
                                (options, environment) -> Orderstream.start(environment, Jdks.own(), options).process()))));
    }

    private Measurement measure(String name, long orders, BiFunction<List<String>, Map<String, String>, AppProcess> starter) {
        String group = bench.group(name);
        bench.encoder(group);
        bench.topics().create(group, PARTITIONS);
        Map<String, String> environment = new HashMap<>(bench.environment());
        environment.putAll(Map.of("ORDERS_TOPIC", group, "ORDERS_DLQ_TOPIC", group + "-dlq", "CONSUMER_GROUP_ID", group,
                "ORDERS_COUNT", Long.toString(orders), "ORDERS_INTERVAL", "0", "BENCH_RECORDS", "0"));
        GcLog gc = Contender.gcLog(group);
        try (AppProcess process = starter.apply(Contender.jvmOptions(group), environment)) {
            return new Progress(() -> bench.topics().ends(group).values().stream().mapToLong(Long::longValue).sum(), orders,
                    () -> Moment.of(process.handle(), bench.broker(), gc), () -> {
                    }).measure(gc);
        }
    }
}
