package io.orderstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Jdks;

/**
 * How soon the packaged application works, and how much memory it then takes: docs/footprint.sh, with {@code -Dfootprint.runs},
 * {@code -Dfootprint.orders}, and {@code -Dfootprint.jvm} for other options of the JVM.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FootprintMeasurement {

    private static final int RUNS = Integer.getInteger("footprint.runs", 3);
    private static final long ORDERS = Long.getLong("footprint.orders", 100_000);
    private static final List<String> JVM_OPTIONS = List.of(System.getProperty("footprint.jvm", "-Xmx256m").split(" "));
    private static final Path OUTPUT = Path.of("target", "footprint");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final int NEWEST_WITHOUT_AOT_CACHE = 24;

    private final List<String> report = new ArrayList<>();
    private Bench bench;
    private BenchOrders orders;
    private int groups;

    @BeforeAll
    void writeOrders(@TempDir Path directory) throws Exception {
        Files.createDirectories(OUTPUT);
        bench = new Bench(directory);
        orders = new BenchOrders(bench, "orders", OrderMix.of(ORDERS), Map.of());
    }

    @AfterAll
    void print() throws IOException {
        if (bench != null) {
            bench.close();
        }
        Files.write(OUTPUT.resolve("footprint.md"), report);
        report.forEach(System.out::println);
    }

    @Test
    void shouldMeasureEachJdkWithAndWithoutAnArchiveOfItsClasses() throws IOException {
        // Given
        List<Path> jdks = Stream.of(17, 21, 25).map(release -> Jdks.find(release::equals)).flatMap(Optional::stream).toList();
        assertThat(jdks).as("JDK 17, 21 or 25: set JAVA21_HOME and the like").isNotEmpty();
        report.add(String.format(Locale.ROOT, "%,d orders, runs: %d; %d cores, load %.1f, %s", ORDERS, RUNS,
                Runtime.getRuntime().availableProcessors(), load(), String.join(" ", JVM_OPTIONS)));
        report.add("");

        // When
        Map<Start, List<Footprint>> measured = new LinkedHashMap<>();
        for (Path jdk : jdks) {
            measured.put(new Start(jdk, "JDK's own", List.of()), new ArrayList<>());
            measured.put(trained(jdk), new ArrayList<>());
        }
        // In turn, so that what else happens on the machine meets all of them.
        for (int run = 0; run < RUNS; run++) {
            measured.forEach((start, runs) -> runs.add(measure(start)));
        }

        // Then
        report.addAll(Footprint.HEAD);
        measured.forEach((start, runs) -> report.add(Footprint.median(runs).row(start.name(), start.classData())));
        report.add("");
        measured.forEach((start, runs) -> runs.forEach(run -> report.add(run.row(start.name(), start.classData()))));
        report.add(String.format(Locale.ROOT, "%nload at the end: %.1f", load()));
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** A way to start the application. */
    private record Start(Path jdk, String classData, List<String> options) {

        String name() {
            return jdk.getFileName().toString();
        }

        List<String> allOptions() {
            return Stream.concat(JVM_OPTIONS.stream(), options.stream()).toList();
        }
    }

    /** As Dockerfile.jvm does it: a run without broker and registry that ends when the application listens. */
    private Start trained(Path jdk) throws IOException {
        Path archive = OUTPUT.resolve(jdk.getFileName() + ".archive").toAbsolutePath();
        Files.deleteIfExists(archive);
        boolean aot = Runtime.Version.parse(release(jdk)).feature() > NEWEST_WITHOUT_AOT_CACHE;
        Start training = new Start(jdk, "", List.of((aot ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive));
        Map<String, String> nowhere = Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1", "SCHEMA_REGISTRY_URL",
                "http://localhost:1",
                "ORDERS_COUNT", "0");
        try (AppProcess app = JavaPrograms.packaged(jdk, training.allOptions(), nowhere)) {
            app.awaitLine("Listening on", PATIENCE);
            app.terminate();
            app.awaitExit(PATIENCE);
        }
        assertThat(archive).isNotEmptyFile();
        return new Start(jdk, String.format(Locale.ROOT, "%s, %d MB", aot ? "AOT cache" : "AppCDS", Files.size(archive) >> 20),
                // An archive that does not fit is an error, and not just left alone.
                aot ? List.of("-XX:AOTCache=" + archive, "-XX:AOTMode=on")
                        : List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:on"));
    }

    private static String release(Path jdk) throws IOException {
        return Files.readString(jdk.resolve("release")).replaceAll("(?s).*JAVA_VERSION=\"([^\"]+)\".*", "$1");
    }

    private Footprint measure(Start start) {
        String group = "footprint-" + ++groups;
        long begin = System.nanoTime();
        try (Orderstream.Instance instance = Orderstream.start(orders.environment(group), start.jdk(), start.allOptions())) {
            await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL).until(() -> instance.processed() > 0);
            double seconds = (System.nanoTime() - begin) / 1e9;
            double cpuSeconds = ProcessFigures.cpu(instance.process().handle()).toNanos() / 1e9;
            Orderstream.awaitTotals(instance.api(), orders);
            return new Footprint(seconds, cpuSeconds, ProcessFigures.megabytes(instance.process().handle()).orElseThrow(),
                    ProcessFigures.peakMegabytes(instance.process().handle()).orElseThrow());
        }
    }
}
