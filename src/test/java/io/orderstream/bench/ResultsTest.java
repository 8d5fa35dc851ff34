package io.orderstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.bench.OrderId.Kind;
import io.orderstream.bench.Scenario.Row;

/** That what the benchmark writes is what it has measured. */
class ResultsTest {

    @TempDir
    private Path directory;

    @Test
    void shouldWriteMediansOfTheBestFormOfEachContenderIntoItsPartOfTheDocument() throws IOException {
        // Given
        Path document = Files.writeString(directory.resolve("page.md"),
                "before\n<!-- calls -->\nold\n<!-- /calls -->\nafter\n");
        Row bare = new Row("bare", () -> null);
        Row slow = new Row("peer, 1 thread", "peer", () -> null);
        Row best = new Row("peer, 6 threads", "peer", () -> null);
        Results results = new Results(new Scenario("calls", "Calls.", Plot.BARS, List.of(Figure.PER_SECOND, Figure.CPU),
                List.of(bare, slow, best)));

        // When
        for (double rate : new double[] { 3_000, 1_000, 2_000 }) {
            results.add(bare, measured(rate));
            results.add(slow, measured(rate / 4));
            results.add(best, measured(rate / 2));
        }
        results.write(document, "Today.");

        // Then
        assertThat(document).hasContent("""
                before
                <!-- calls -->

                Calls. Today.

                | | records a second | CPU seconds a million | lowest to highest | ratio |
                |---|---:|---:|---:|---:|
                | bare | 2,000 | 1.50 | 1,000 to 3,000 | 1.00 |
                | peer, 6 threads | 1,000 | 1.50 | 500 to 1,500 | 0.50 |

                ![records a second](performance-calls.svg)

                <!-- /calls -->
                after
                """);
        assertThat(Files.readString(directory.resolve("performance-calls.svg"))).contains(">2,000<", ">peer, 6 threads<");
    }

    private static Measurement measured(double rate) {
        return new Measurement(Map.of(Figure.PER_SECOND, rate, Figure.CPU, 1.5));
    }

    @Test
    void shouldKnowFromTheLogOfTheCollectorWhatWasAllocated() throws IOException {
        // Given
        GcLog log = new GcLog(Files.write(directory.resolve("gc.log"), List.of(
                "[0.010s] Using G1", "[1.000s] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 100M->10M(512M) 1.5ms",
                "[1.500s] GC(1) Pause Young (Normal) (G1 Evacuation Pause) 110M->20M(512M) 1.5ms",
                "[1.700s] GC(2) Concurrent Mark Cycle 35.1ms", "[2.000s] GC(3) Pause Remark 70M->60M(512M) 1.5ms",
                "[3.000s] GC(4) Pause Young (Normal) (G1 Evacuation Pause) 110M->20M(512M) 1.5ms")));

        // Then
        assertThat(log.bytesPerSecond(0, log.lines())).hasValue(100.0 * 1024 * 1024);
        assertThat(log.bytesPerSecond(0, 3)).isEmpty();
    }

    @Test
    void shouldKnowPercentilesToOnePerCent() {
        // Given
        Latencies latencies = new Latencies(0);
        long now = OrderId.nowMicros();

        // When
        LongStream.rangeClosed(1, 1_000).forEach(
                seconds -> latencies.add(new OrderId(Kind.ORDINARY, now - seconds * 100_000, 5).text(seconds)));
        latencies.add(new OrderId(Kind.TRANSIENT, 1, 5).text(1));
        Map<Figure, Double> figures = Measurement.parse(latencies.toString()).figures();

        // Then
        assertThat(figures.get(Figure.P50)).isBetween(50_000.0, 51_500.0);
        assertThat(figures.get(Figure.P99)).isBetween(99_000.0, 101_500.0);
        assertThat(figures.get(Figure.P999)).isBetween(99_900.0, 102_500.0);
    }
}
