package io.orderstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.Ports;

/**
 * The packaged application with its default settings, except that it makes no orders and no faults. It is measured from
 * outside.
 *
 * @param name what the table calls it
 * @param application another application that is built from it, if any
 * @param pages as many browsers show its page, as far as it can tell
 * @param settings that are not the default
 */
record Orderstream(String name, Optional<Path> application, int pages, Map<String, String> settings) implements Contender {

    /** Switches off what is not for orders. */
    static final Map<String, String> ORDERS_ALONE = Map.of("EVENTS_ENABLED", "false", "TRACKER_ENABLED", "false");

    /** Not a setting: the option of its JVM that replaces the usual size of the heap. */
    static final String HEAP = "BENCH_HEAP";

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    Orderstream(String name, Map<String, String> settings) {
        this(name, Optional.empty(), 0, settings);
    }

    /** The same, looked at in so many browsers. */
    Orderstream withPages(int number) {
        return new Orderstream(name + ", " + number + " pages open", application, number, settings);
    }

    @Override
    public Measurement run(BenchOrders orders, String group) {
        Map<String, String> environment = new HashMap<>(orders.environment(group));
        environment.putAll(settings);
        long letters = orders.deadLetters();
        List<String> options = new ArrayList<>(Contender.jvmOptions(group));
        Optional.ofNullable(settings.get(HEAP)).ifPresent(options::add);
        try (Instance instance = application.map(jar -> start(jar, environment, options))
                .orElseGet(() -> start(environment, Jdks.own(), options))) {
            instance.openPages(pages);
            GcLog gc = Contender.gcLog(group);
            Measurement measured = new Progress(instance::finished, orders.records(),
                    () -> Moment.of(instance.process().handle(), orders.broker(), gc), orders::isRead).measure(gc);
            awaitTotals(instance.api(), orders);
            assertThat(orders.deadLetters() - letters).as("dead letters of orderstream").isEqualTo(orders.poison());
            instance.process().terminate();
            instance.process().awaitExit(STOP_PATIENCE);
            assertThat(orders.committed(group)).as("orders committed by orderstream").isEqualTo(orders.records());
            return SelfMeasured.percentiles(instance.process()).with(measured);
        }
    }

    /** Waits until this instance and, from its commits, the whole group have counted every order once, to the cent. */
    static void awaitTotals(OrderApp api, BenchOrders orders) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.finished()).isGreaterThanOrEqualTo(orders.records()));
        await().atMost(STOP_PATIENCE).untilAsserted(() -> assertThatAllAreCountedIn(api.stats(), orders));
        awaitGroupTotals(api, orders);
    }

    /** Waits until the group of this instance has, by its commits. */
    static void awaitGroupTotals(OrderApp api, BenchOrders orders) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThatAllAreCountedIn(api.stats().get("group"), orders));
    }

    private static void assertThatAllAreCountedIn(JsonNode totals, BenchOrders orders) {
        assertThat(totals.get("processed").asLong()).as("orders counted by orderstream")
                .isEqualTo(orders.records() - orders.poison());
        assertThat(totals.get("deadLettered").asLong()).as("dead letters counted by orderstream").isEqualTo(orders.poison());
        assertThat(OrderApp.cents(totals.get("revenue"))).as("cents counted by orderstream").isEqualTo(orders.cents());
    }

    /**
     * Starts an instance; it may not listen yet.
     *
     * @param environment its settings
     * @param options of its JVM
     */
    static Instance start(Map<String, String> environment, Path jdk, List<String> options) {
        Map<String, String> settings = settings(environment);
        return instance(JavaPrograms.packaged(jdk, options, settings), settings);
    }

    /** The same with another application that is built from it. */
    static Instance start(Path application, Map<String, String> environment, List<String> options) {
        Map<String, String> settings = settings(environment);
        return instance(JavaPrograms.start(application, options, settings), settings);
    }

    private static Map<String, String> settings(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>(
                Map.of("ERROR_SIMULATION_RATE", "0", "ORDERS_COUNT", "0", "METRICS_PORT", "0",
                        "LOG_FORMAT", "plain"));
        settings.putAll(environment);
        settings.put("HTTP_PORT", Integer.toString(Ports.free()));
        return settings;
    }

    private static Instance instance(AppProcess process, Map<String, String> settings) {
        return new Instance(process, new OrderApp("http://localhost:" + settings.get("HTTP_PORT")), new ArrayList<>());
    }

    /** A process, and its API. */
    record Instance(AppProcess process, OrderApp api, List<EventStream> pages) implements AutoCloseable {

        /** Listens to what a page listens to, from as soon as it can. */
        void openPages(int number) {
            if (number > 0) {
                process.awaitLine(" listening on ", STOP_PATIENCE);
            }
            for (int page = 0; page < number; page++) {
                pages.add(new EventStream(api.url(), "/api/pipelines/orders/stream"));
            }
        }

        /** Orders it has processed, or none as long as it does not listen. */
        long processed() {
            return asked(() -> api.stats().get("processed").asLong());
        }

        /** The same with those that became dead letters. */
        long finished() {
            return asked(api::finished);
        }

        /** Whether partitions are assigned to it. */
        boolean isAtWork() {
            return asked(() -> api.stats().get("partitions").size()) > 0;
        }

        /** A number of its API, or 0 as long as it does not listen. */
        long asked(LongSupplier number) {
            try {
                return number.getAsLong();
            } catch (AssertionError e) {
                if (!process.isAlive()) {
                    throw new AssertionError("orderstream has ended:\n" + String.join("\n", process.lines()), e);
                }
                return 0;
            }
        }

        @Override
        public void close() {
            pages.forEach(EventStream::close);
            process.close();
        }
    }
}
