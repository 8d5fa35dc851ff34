package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.BrokerProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.RegistryControl;
import io.orderstream.testsupport.Scrape;
import io.orderstream.testsupport.TopicClient;
import io.orderstream.totals.Totals;

/**
 * An instance that lives all the time and makes records for all pipelines as fast as it can, and what goes wrong around it. For
 * one thread.
 */
final class SoakStage implements AutoCloseable {

    private static final List<Workload> PIPELINES = List.of(new OrderWorkload(), new EventWorkload(), new ItemOrderWorkload());
    private static final int PAGES = 10;
    private static final int REOPENED = 3;
    private static final int SURELY_GOES_ON = 500;
    private static final int ACCEPTED = 202;
    private static final Duration REGISTRY_AWAY = Duration.ofSeconds(3);
    /** An order is spooled after three tries of {@code DELIVERY_TIMEOUT}. */
    private static final Duration BROKER_AWAY = Duration.ofSeconds(5);

    /** What is kept for a while is bounded by settings: small enough to be full before the first look. */
    private static final Map<String, String> BOUNDS = Map.of("DLQ_INDEX_SIZE", "200", "SPOOL_MAX_BYTES", "10000000",
            "MAX_IN_FLIGHT", "500",
            "KAFKA_FETCH_MAX_BYTES", "65536",
            // As many threads as come and go otherwise.
            "QUARKUS_THREAD_POOL_CORE_THREADS", "20", "QUARKUS_THREAD_POOL_MAX_THREADS", "20");
    private static final Map<String, String> FAULTS = Map.of("ERROR_SIMULATION_RATE", "0.01", "EVENTS_ERROR_RATE", "0.01",
            "TRACKER_ERROR_RATE", "0.01", "RETRY_MODE", "topic", "RETRY_BACKOFF_SECONDS", "0.05", "DELIVERY_TIMEOUT", "1s");
    private static final Map<String, String> OTHERS = Map.of("SESSION_TIMEOUT", "6s", "LAG_MONITOR_INTERVAL", "1s",
            "LOG_LEVEL", "warn", "OPERATOR_USER", "olga", "OPERATOR_PASSWORD", "secret",
            "JDK_JAVA_OPTIONS", String.join(" ",
                    // The JVM's own threads come and go otherwise.
                    "-XX:-UseDynamicNumberOfCompilerThreads",
                    // Otherwise three collections of four leave a part of the garbage.
                    "-XX:MarkSweepAlwaysCompactCount=1",
                    // Otherwise each thread keeps a direct buffer as large as its largest answer, from its first one on.
                    "-Djdk.nio.maxCachedBufferSize=1024",
                    // Otherwise direct memory is counted in chunks of 64 KiB: Netty keeps one for each size of buffer that has ever
                    // been asked for, and for each buffer that a thread has given back and may want again.
                    "-Dio.netty.allocator.numDirectArenas=0"));
    private static final String[] GENERATORS = { "EVENTS_COUNT=2000000000", "EVENTS_INTERVAL=1ms",
            "ITEM_ORDERS_COUNT=2000000000", "ITEM_ORDERS_INTERVAL=1ms" };

    private final BrokerProcess broker;
    private final RegistryControl registry;
    private final PackagedApps apps;
    private final TopicClient topics;
    private final Map<String, String> settings = new HashMap<>(PackagedApps.ownTopics());
    private final Fleet fleet;
    private final Instance app;
    private final OrderApp api;
    private final OperatorClient operator;
    private final HealthWatch health;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final OpenPages pages;
    private Instance other;

    /**
     * @param directory where broker and registry keep their data
     * @param ordersPerSecond orders made, as far as the machine can
     */
    SoakStage(Path directory, int ordersPerSecond) throws IOException {
        broker = new BrokerProcess(directory, JavaPrograms.FRUGAL).start();
        registry = new RegistryControl(directory.resolve("registry.json"));
        apps = new PackagedApps(broker);
        topics = new TopicClient(broker.bootstrapServers());
        settings.putAll(BOUNDS);
        settings.putAll(FAULTS);
        settings.putAll(OTHERS);
        fleet = new Fleet(apps, settings);
        app = fleet.join(withRegistry(Stream.concat(Stream.of(GENERATORS), Stream.of("ORDERS_INTERVAL="
                + Duration.ofSeconds(1).dividedBy(ordersPerSecond))).toArray(String[]::new)));
        api = app.api();
        operator = new OperatorClient(api.url(), "olga:secret");
        health = new HealthWatch(app.managementUrl());
        pages = new OpenPages(http, api.url(), PAGES);
        awaitGoingOn();
        operator.awaitJobsRead(PATIENCE);
    }

    private String[] withRegistry(String... more) {
        return Stream.concat(Stream.of(more), Stream.of("SCHEMA_REGISTRY_URL=" + registry.url())).toArray(String[]::new);
    }

    /** The process that is looked at. */
    ProcessHandle process() {
        return app.process().handle();
    }

    /** What it holds now. */
    Holdings holdings(Inspection inspection) {
        return inspection.holdings((long) metrics().sum("jvm_buffer_memory_used_bytes", "id", "direct"));
    }

    private Scrape metrics() {
        return Scrape.of(app.managementUrl(), http);
    }

    /** Orders it has finished. */
    long finished() {
        return api.finished();
    }

    /** Another instance joins its groups and takes some of the partitions. */
    void join() {
        other = fleet.join(withRegistry("ORDERS_COUNT=0", "SPOOL_DIRECTORY=spool/other-" + fleet.all().size()));
        OrderApp its = other.api();
        await("orders of the instance that joined").atMost(PATIENCE).until(() -> its.finished() > 0);
        awaitGoingOn();
    }

    /** It leaves, and the one looked at has all partitions again. */
    void leave(boolean gracefully) {
        if (gracefully) {
            other.process().terminate();
        } else {
            other.process().kill();
        }
        other.process().awaitExit(PATIENCE);
        other = null;
        await("all partitions").atMost(PATIENCE).until(() -> PIPELINES.stream().allMatch(this::hasAllPartitions));
        awaitGoingOn();
    }

    private boolean hasAllPartitions(Workload pipeline) {
        JsonNode partitions = api.get(pipeline.statistics()).path("partitions");
        return partitions.size() == topics.ends(pipeline.route(settings).topic()).size();
    }

    /** The registry goes away, and comes back with what it knew. */
    void registryOutage() {
        registry.stop();
        awaitSince(System.nanoTime(), REGISTRY_AWAY);
        registry.start();
        awaitGoingOn();
    }

    /** The broker goes away and comes back with its data. */
    void brokerOutage(boolean gracefully) {
        long away = System.nanoTime();
        broker.stop(gracefully);
        await("not ready without a broker").atMost(PATIENCE).until(() -> !health.isReady());
        awaitSince(away, BROKER_AWAY);
        broker.start();
        awaitGoingOn();
    }

    /** Somebody looks at everything there is to be seen, and redrives some dead letters. */
    void readAndRedrive() {
        for (String path : List.of("/api/dead-letters?limit=200", "/api/dead-letters/summary", "/api/orders/stats",
                "/api/pipelines/orders/history?range=all", "/api/pipelines/events/history", "/api/tracker/stats",
                "/api/instances", "/api/pipelines")) {
            assertThat(api.get(path).isMissingNode()).as(path).isFalse();
        }
        assertThat(metrics().samples()).isNotEmpty();
        Answer asked = operator.redrive("{\"filter\":{},\"limit\":50}");
        assertThat(asked.status()).as(asked.body().toString()).isEqualTo(ACCEPTED);
        String id = asked.body().get("id").asText();
        await("redrive " + id).atMost(PATIENCE).until(() -> operator.job(id).body().path("state").asText().equals("finished"));
    }

    /** Some pages are closed, and others opened. */
    void reopenPages() {
        pages.reopen(REOPENED);
    }

    /** Waits until it is ready and finishes orders, and all pages show something new. */
    private void awaitGoingOn() {
        await("ready").atMost(PATIENCE).until(health::isReady);
        long before = finished();
        await("orders").atMost(PATIENCE).until(() -> finished() > before + SURELY_GOES_ON);
        pages.awaitEvents();
    }

    private static void awaitSince(long nanos, Duration duration) {
        await().atMost(PATIENCE).until(() -> System.nanoTime() - nanos >= duration.toNanos());
    }

    /**
     * Ends the generators with the instance, and lets another one finish what they have left.
     *
     * @return records by pipeline
     * @throws AssertionError if a pipeline has not counted each of its records once, or has gone back to an older commit
     */
    Map<String, Long> finish() {
        app.process().terminate();
        app.process().awaitExit(PATIENCE);
        assertThat(fleet.all()).flatExtracting(instance -> instance.process().lines())
                .noneMatch(line -> line.contains("commits went back"));
        OrderApp rest = fleet.join(withRegistry("ORDERS_COUNT=0")).api();
        Map<String, Long> records = new HashMap<>();
        for (Workload pipeline : PIPELINES) {
            long sum = topics.ends(pipeline.route(settings).topic()).values().stream().mapToLong(end -> end).sum();
            awaitAll(pipeline, rest, sum);
            records.put(pipeline.pipeline(), sum);
        }
        return records;
    }

    /** It may take long, but not long without any progress. */
    private static void awaitAll(Workload pipeline, OrderApp rest, long records) {
        long counted = counted(pipeline, rest);
        while (counted < records) {
            long seen = counted;
            await(pipeline.pipeline() + " counted, of " + records + ": " + seen).atMost(PATIENCE)
                    .until(() -> counted(pipeline, rest) != seen);
            counted = counted(pipeline, rest);
        }
        assertThat(counted).as("%s counted", pipeline.pipeline()).isEqualTo(records);
    }

    private static long counted(Workload pipeline, OrderApp api) {
        JsonNode group = await().atMost(PATIENCE).until(() -> api.get(pipeline.statistics()).path("group"),
                JsonNode::isObject);
        Totals totals = pipeline.counted(group).totals();
        return totals.processed() + totals.deadLettered();
    }

    @Override
    public void close() {
        fleet.writeOutput(Path.of("target", "soak"), "instance");
        health.close();
        pages.close();
        topics.close();
        apps.close();
        registry.close();
    }
}
