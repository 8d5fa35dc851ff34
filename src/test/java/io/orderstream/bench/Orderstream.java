package io.orderstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.OrderApp;

/**
 * The packaged application with its default settings, except that it makes no orders and no faults. It is measured from
 * outside.
 */
final class Orderstream implements Contender {

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final boolean RECORD_FLIGHT = Boolean.getBoolean("bench.jfr");

    private final int pages;

    /** @param pages as many browsers show its page, as far as it can tell */
    Orderstream(int pages) {
        this.pages = pages;
    }

    @Override
    public String name() {
        return pages == 0 ? "orderstream" : "orderstream, " + pages + " pages open";
    }

    @Override
    public Measurement run(BenchOrders orders, String group) {
        try (Instance instance = start(orders, group, optionsFor(group), Map.of())) {
            Progress progress = new Progress(instance, orders.records());
            instance.openPages(pages);
            await().atMost(orders.patience()).pollDelay(Duration.ZERO).pollInterval((count, last) -> progress.pause())
                    .until(progress::isDone);
            awaitTotals(instance.api(), orders);
            Measurement measured = progress.measurement();
            instance.process().terminate();
            instance.process().awaitExit(STOP_PATIENCE);
            return measured;
        }
    }

    /** Waits until this instance and, from its commits, the whole group have counted every order once, to the cent. */
    static void awaitTotals(OrderApp api, BenchOrders orders) {
        await().atMost(orders.patience())
                .untilAsserted(() -> assertThat(api.finished()).isGreaterThanOrEqualTo(orders.records()));
        await().atMost(STOP_PATIENCE).untilAsserted(() -> {
            JsonNode stats = api.stats();
            assertThatAllAreCountedIn(stats, orders);
            assertThatAllAreCountedIn(stats.get("group"), orders);
        });
    }

    private static void assertThatAllAreCountedIn(JsonNode totals, BenchOrders orders) {
        assertThat(totals.get("processed").asLong()).as("orders counted by orderstream").isEqualTo(orders.records());
        assertThat(totals.get("deadLettered").asLong()).as("dead letters of orderstream").isZero();
        assertThat(OrderApp.cents(totals.get("revenue"))).as("cents counted by orderstream").isEqualTo(orders.cents());
    }

    /**
     * Starts an instance; it may not listen yet.
     *
     * @param options of its JVM
     * @param more settings that are not the default
     */
    static Instance start(BenchOrders orders, String group, List<String> options, Map<String, String> more) {
        return start(orders, group, Jdks.own(), options, more);
    }

    /** The same with another JDK. */
    static Instance start(BenchOrders orders, String group, Path jdk, List<String> options, Map<String, String> more) {
        int port = AppProcess.freePort();
        Map<String, String> settings = new HashMap<>(orders.environment(group));
        settings.putAll(more);
        settings.putAll(Map.of("ERROR_SIMULATION_RATE", "0", "ORDERS_COUNT", "0", "HTTP_PORT", Integer.toString(port)));
        return new Instance(JavaPrograms.packaged(jdk, options, settings), new OrderApp("http://localhost:" + port),
                new ArrayList<>());
    }

    private static List<String> optionsFor(String group) {
        List<String> options = new ArrayList<>(ThroughputBench.JVM_OPTIONS);
        if (RECORD_FLIGHT) {
            options.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + ThroughputBench.OUTPUT.resolve(group + ".jfr").toAbsolutePath());
        }
        return options;
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

        /** Orders it has counted, or none as long as it does not listen. */
        long processed() {
            try {
                return api.stats().get("processed").asLong();
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
