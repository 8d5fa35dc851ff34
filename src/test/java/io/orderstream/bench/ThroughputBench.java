package io.orderstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.DevProject;
import io.orderstream.testsupport.JavaPrograms;

/**
 * How fast orderstream is, beside the least and the usual one can write, and how soon a killed instance is replaced:
 * {@code ./mvnw -Pbench verify}, with {@code -Dbench.records}, {@code -Dbench.rounds}, and {@code -Dbench.jfr=true}
 * for a flight recording of each run of orderstream.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThroughputBench {

    static final List<String> JVM_OPTIONS = List.of("-Xmx512m");
    static final Path OUTPUT = Path.of("target", "bench");

    private static final long RECORDS = Long.getLong("bench.records", 1_000_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int PAGES = 10;
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(15);

    private final List<String> report = new ArrayList<>();
    private BenchOrders orders;

    @BeforeAll
    void writeOrders(@TempDir Path directory) throws Exception {
        Files.createDirectories(OUTPUT);
        orders = new BenchOrders(directory, RECORDS);
        orders.write();
    }

    @AfterAll
    void print() throws IOException {
        if (orders != null) {
            orders.close();
        }
        Files.write(OUTPUT.resolve("throughput.md"), report);
        report.forEach(System.out::println);
    }

    @Test
    void shouldCountEveryOrderAtAMeasuredRate() {
        // Given
        SelfMeasured bareLoop = new SelfMeasured("bare kafka-clients loop",
                environment -> JavaPrograms.start(BareLoop.class, JVM_OPTIONS, environment));
        Path textbook = packagedTextbook();
        List<Contender> contenders = List.of(bareLoop,
                new SelfMeasured("textbook SmallRye", environment -> JavaPrograms.start(textbook, JVM_OPTIONS, environment)),
                new Orderstream(0), new Orderstream(PAGES));
        // Not measured: the broker warms up for whoever comes first.
        bareLoop.run(orders, "warm-up");

        // When
        ThroughputTable table = new ThroughputTable();
        for (int round = 1; round <= ROUNDS; round++) {
            for (Contender contender : contenders) {
                table.add(contender.name(), contender.run(orders, contender.name().replace(' ', '-') + "-" + round));
            }
        }

        // Then
        List<String> lines = new ArrayList<>(List.of(String.format(Locale.ROOT,
                "%,d orders, rounds: %d; %d cores, JDK %s, each contender with %s. Each counted every order once, to the cent, "
                        + "and committed them all.",
                RECORDS, ROUNDS, Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"),
                String.join(" ", JVM_OPTIONS)),
                ""));
        lines.addAll(table.lines());
        lines.add("");
        report.addAll(0, lines);
    }

    /** A project of its own, with our build, our schema and what a user would write. */
    private static Path packagedTextbook() {
        return new DevProject(OUTPUT.resolve("textbook"),
                Map.of("src/bench/textbook", "src/main", "src/main/avro", "src/main/avro",
                        "src/test/java/io/orderstream/bench/SelfReport.java",
                        "src/main/java/io/orderstream/bench/SelfReport.java"))
                .packaged();
    }

    @Test
    void shouldGoOnWithinFifteenSecondsAfterAKill() {
        // When
        Duration dynamic = recovery("recovery", Map.of());
        Duration named = recovery("recovery-named", Map.of("GROUP_INSTANCE_ID", "orderstream-0"));

        // Then
        report.add(String.format(Locale.ROOT,
                "From kill -9 of the only instance to the first order of the next: %.1f s; under the "
                        + "same GROUP_INSTANCE_ID: %.1f s",
                dynamic.toMillis() / 1e3, named.toMillis() / 1e3));
        assertThat(dynamic).isLessThan(LONGEST_RECOVERY);
        assertThat(named).isLessThan(dynamic);
    }

    private Duration recovery(String group, Map<String, String> settings) {
        long start;
        try (Orderstream.Instance killed = Orderstream.start(orders, group, JVM_OPTIONS, settings)) {
            await().atMost(PATIENCE).pollInterval(POLL).until(() -> killed.processed() > RECORDS / 4);
            start = System.nanoTime();
            killed.process().kill();
        }
        try (Orderstream.Instance next = Orderstream.start(orders, group, JVM_OPTIONS, settings)) {
            Map<Integer, Long> committed = orders.committed(group);
            assertThat(committed.values().stream().mapToLong(Long::longValue).sum()).as("committed before the kill")
                    .isLessThan(RECORDS);
            await().atMost(PATIENCE).pollInterval(POLL)
                    .until(() -> next.processed() > 0 && isBeyond(committed, next.api().stats()));
            Duration recovery = Duration.ofNanos(System.nanoTime() - start);
            Orderstream.awaitTotals(next.api(), orders);
            return recovery;
        }
    }

    private static boolean isBeyond(Map<Integer, Long> committed, JsonNode stats) {
        for (JsonNode partition : stats.get("partitions")) {
            if (partition.get("offset").asLong() > committed.getOrDefault(partition.get("partition").asInt(), 0L)) {
                return true;
            }
        }
        return false;
    }
}
