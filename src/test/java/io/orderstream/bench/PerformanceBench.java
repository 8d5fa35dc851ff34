package io.orderstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What orderstream costs beside what one can write or use instead: {@code ./mvnw -Pbench verify}, with
 * {@code -Dbench.scenario=1,2} for some scenarios, {@code -Dbench.scale=0.01} for smaller ones, {@code -Dbench.rounds} and
 * {@code -Dbench.jfr=true} for a flight recording of each contender. At full size it writes docs/performance.md.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledIfSystemProperty(named = "bench.scenario", matches = "jmh")
class PerformanceBench {

    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int FEWEST_ROUNDS = 3;
    private static final int SCENARIOS = 7;
    private static final Path DOCUMENT = Path.of("docs", "performance.md");

    private Bench bench;
    private Scenarios scenarios;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        Files.createDirectories(Bench.OUTPUT);
        bench = new Bench(directory);
        scenarios = new Scenarios(bench);
    }

    @AfterAll
    void end() {
        if (bench != null) {
            bench.close();
        }
    }

    static Stream<Integer> chosen() {
        String chosen = System.getProperty("bench.scenario");
        return chosen == null ? IntStream.rangeClosed(1, SCENARIOS).boxed()
                : Stream.of(chosen.split(",")).map(Integer::valueOf);
    }

    @ParameterizedTest
    @MethodSource("chosen")
    void shouldCountEveryOrderOnceWhateverItCosts(int number) throws Exception {
        for (Scenario scenario : scenarios.of(number)) {
            Results results = new Results(scenario);
            for (int round = 0; round < ROUNDS; round++) {
                for (Scenario.Row row : scenario.rows()) {
                    results.add(row, row.measure().call());
                }
            }
            results.write(document(), circumstances());
        }
    }

    /** A copy, unless sizes and rounds are those the document speaks of. */
    private static Path document() throws IOException {
        if (Scenarios.SCALE == 1 && ROUNDS >= FEWEST_ROUNDS) {
            return DOCUMENT;
        }
        Path copy = Bench.OUTPUT.resolve(DOCUMENT.getFileName());
        return Files.exists(copy) ? copy : Files.copy(DOCUMENT, copy);
    }

    private static String circumstances() {
        return Scenarios.text("Medians of %d rounds on %s, %d cores, JDK %s, each contender with %s.", ROUNDS, LocalDate.now(),
                Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"),
                String.join(" ", Bench.JVM_OPTIONS));
    }
}
