package io.orderstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.apache.kafka.clients.producer.ProducerRecord;

import io.orderstream.bench.Scenario.Row;
import io.orderstream.testsupport.Jdks;

/** What orderstream costs as its work grows, one way at a time. */
final class Growth {

    private static final List<Figure> COLUMNS = List.of(Figure.PER_SECOND, Figure.CPU, Figure.BROKER_CPU, Figure.BYTES,
            Figure.PEAK_MEMORY);
    private static final int ORDERS = 1_000_000;
    private static final int MEGABYTES = 200;
    private static final int ORDERS_OF_ONE_IN_FLIGHT = 200;
    private static final int MOST_CALLS = 400_000;
    private static final int KEYS = 100_000;
    private static final int PARTITIONS = 6;
    private static final int CHUNK = 10_000;

    private final Bench bench;
    private final Contenders contenders;

    Growth(Bench bench, Contenders contenders) {
        this.bench = bench;
        this.contenders = contenders;
    }

    List<Scenario> scenarios() {
        OrderMix all = OrderMix.of(Scenarios.sized(ORDERS));
        return List.of(scenario("partitions", "Partitions of the topic.", orders -> all.withPartitions(orders), 1, 3, 6, 24),
                scenario("keys", "Keys of the orders.", keys -> all.withKeys(keys), 1, 100, 10_000, 1_000_000),
                scenario("bytes", "Bytes of an order, 200 MB of them.",
                        bytes -> OrderMix.of(Scenarios.sized(MEGABYTES * 1_000_000L / bytes)).withBytes(bytes), 100, 1_000,
                        10_000,
                        100_000),
                inFlight(), deadLetters(all), names(), instances());
    }

    private Scenario scenario(String name, String text, IntFunction<OrderMix> mixes, int... values) {
        return scenario(name, text, IntStream.of(values).mapToObj(value -> {
            BenchOrders orders = new BenchOrders(bench, "growth-" + name + "-" + value, mixes.apply(value), Map.of());
            return row(value, contenders.orderstream(), orders);
        }).toList());
    }

    private Scenario scenario(String name, String text, List<Row> rows) {
        return new Scenario("growth-" + name, text, Plot.LINE, COLUMNS, rows);
    }

    private Row row(int value, Contender contender, BenchOrders orders) {
        return new Row(Scenarios.text("%,d", value), () -> bench.measure(contender, orders));
    }

    /** Orders are in flight as long as their handler waits for an answer. */
    private Scenario inFlight() {
        return scenario("in-flight", "Calls of 20 ms under way at a time, and orders in flight.",
                IntStream.of(1, 10, 100, 1_000, 10_000).mapToObj(value -> {
                    OrderMix mix = OrderMix.of(Scenarios.sized(Math.min((long) value * ORDERS_OF_ONE_IN_FLIGHT, MOST_CALLS)));
                    Map<String, String> settings = Map.of("MAX_IN_FLIGHT", Integer.toString(value), "FULFILMENT_CONNECTIONS",
                            Integer.toString(value));
                    return row(value, new Orderstream("orderstream", settings),
                            new BenchOrders(bench, "growth-in-flight-" + value, mix, bench.endpoint().settings()));
                }).toList());
    }

    private Scenario deadLetters(OrderMix mix) {
        return scenario("dead-letters", "Dead letters there are at the start, all of them in memory, with `-Xmx2g`.",
                IntStream.of(0, 10_000, 100_000, 1_000_000).map(value -> (int) (value * Math.min(1, Scenarios.SCALE)))
                        .mapToObj(value -> row(value,
                                new Orderstream("orderstream",
                                        Map.of("DLQ_INDEX_SIZE", Integer.toString(Math.max(10_000, value)), Orderstream.HEAP,
                                                "-Xmx2g")),
                                new BenchOrders(bench, "growth-dead-letters-" + value, mix, Map.of()).withDeadLetters(value)))
                        .toList());
    }

    /** Item orders, which are counted for each name. */
    private Scenario names() {
        long orders = Scenarios.sized(ORDERS / 2);
        return scenario("names", "Names that item orders are counted by.", IntStream.of(1, 100, 10_000, 100_000)
                .mapToObj(value -> new Row(Scenarios.text("%,d", value),
                        () -> measureNames(bench.group("names-" + value), orders, value)))
                .toList());
    }

    private Measurement measureNames(String topic, long orders, int names) {
        bench.topics().create(topic, PARTITIONS);
        for (long written = 0; written < orders; written += CHUNK) {
            bench.topics().send(LongStream.range(written, Math.min(orders, written + CHUNK)).mapToObj(number -> {
                String order = Scenarios.text("{\"order_id\":\"%d\",\"user\":\"u%d\",\"item\":\"i%d\",\"quantity\":1}", number,
                        number % names, number % names);
                return new ProducerRecord<>(topic, Long.toString(number).getBytes(StandardCharsets.UTF_8),
                        order.getBytes(StandardCharsets.UTF_8));
            }).toList());
        }
        Map<String, String> environment = new HashMap<>(bench.environment());
        environment.putAll(Map.of("ITEM_ORDERS_TOPIC", topic, "TRACKER_GROUP_ID", topic));
        GcLog gc = Contender.gcLog(topic);
        try (Orderstream.Instance instance = Orderstream.start(environment, Jdks.own(), Contender.jvmOptions(topic))) {
            Measurement measured = new Progress(
                    () -> instance.asked(() -> instance.api().get("/api/tracker/stats").get("orders").asLong()),
                    orders, () -> Moment.of(instance.process().handle(), bench.broker(), gc), () -> {
                    }).measure(gc);
            assertThat(instance.api().get("/api/tracker/stats").get("orders").asLong()).isEqualTo(orders);
            return measured;
        }
    }

    /** Each makes few calls at a time, so that it is not the machine that limits them. */
    private Scenario instances() {
        Map<String, String> settings = new HashMap<>(bench.endpoint().settings());
        settings.put("FULFILMENT_CONNECTIONS", "10");
        return new Scenario("growth-instances", "Instances, each with 10 calls of 20 ms under way.", Plot.LINE,
                List.of(Figure.PER_SECOND, Figure.ORDERS), IntStream.of(1, 2, 4)
                        .mapToObj(value -> new Row(Integer.toString(value), () -> measureInstances(settings, value))).toList());
    }

    private Measurement measureInstances(Map<String, String> settings, int instances) {
        String name = bench.group("instances-" + instances);
        BenchOrders orders = new BenchOrders(bench, name, OrderMix.of(0), settings).paced(KEYS, Scenarios.sized(20_000),
                0);
        try (InstanceGroup group = new InstanceGroup(orders.environment(name))) {
            IntStream.range(0, instances).forEach(i -> group.start());
            orders.isRead();
            ProcessHandle any = group.any().process().handle();
            Measurement measured = new Progress(group::finished, orders.records(),
                    () -> Moment.of(any, bench.broker(), Contender.gcLog(name)), () -> {
                    }).measure(Contender.gcLog(name));
            Orderstream.awaitGroupTotals(group.any().api(), orders);
            return measured;
        }
    }
}
