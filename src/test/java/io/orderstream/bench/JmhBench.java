package io.orderstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.GeneratedPart;
import io.orderstream.testsupport.JavaPrograms;

/**
 * What single steps cost, measured by JMH: {@code ./mvnw -Pbench verify -Dbench.scenario=jmh}. Writes its part of
 * docs/performance.md. The benchmarks are in {@code src/bench/jmh}, in the packages of what they measure; they are compiled
 * here, since JMH is there in profile {@code bench} only.
 */
@EnabledIfSystemProperty(named = "bench.scenario", matches = "jmh")
class JmhBench {

    private static final Path SOURCES = Path.of("src", "bench", "jmh", "java");
    private static final Path OUTPUT = Bench.OUTPUT.resolve("jmh");
    private static final Path RESULT = OUTPUT.resolve("result.json");
    private static final Path DOCUMENT = Path.of("docs", "performance.md");
    private static final String CLASS_PATH = OUTPUT + File.pathSeparator + System.getProperty("java.class.path");
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final String JMH = "-f 1 -wi 3 -w 400ms -i 5 -r 400ms -bm avgt -tu ns -prof gc -foe true -rf json -rff "
            + RESULT;

    @Test
    void shouldMeasureWhatSingleStepsCost() throws IOException {
        // Given
        compile();

        // When
        try (AppProcess jmh = JavaPrograms.start(CLASS_PATH, "org.openjdk.jmh.Main", Bench.JVM_OPTIONS, Map.of(),
                JMH.split(" "))) {
            assertThat(jmh.awaitExit(PATIENCE)).as(() -> String.join("\n", jmh.lines())).isZero();
        }

        // Then
        String table = table(new ObjectMapper().readTree(RESULT.toFile()));
        Files.writeString(DOCUMENT, GeneratedPart.replaceIn(Files.readString(DOCUMENT), "jmh", table));
        System.out.println(table);
    }

    private static void compile() throws IOException {
        Files.createDirectories(OUTPUT);
        List<String> arguments = new ArrayList<>(List.of("-processor", "org.openjdk.jmh.generators.BenchmarkProcessor", "-d",
                OUTPUT.toString(), "-cp", CLASS_PATH));
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.filter(Files::isRegularFile).map(Path::toString).forEach(arguments::add);
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new))).isZero();
    }

    private static String table(JsonNode results) {
        List<String> lines = new ArrayList<>(List.of("", String.format(Locale.ROOT,
                "Of %s, with %d cores that other programs had their share of, JDK %s. Bytes do not depend on that, nanoseconds do.",
                LocalDate.now(), Runtime.getRuntime().availableProcessors(), System.getProperty("java.version")), "",
                "| | ns/op | error (99.9 %) | B/op |", "|---|---:|---:|---:|"));
        results.forEach(result -> {
            JsonNode time = result.required("primaryMetric");
            lines.add("| " + name(result) + " | " + number(time.required("score")) + " | " + number(time.required("scoreError"))
                    + " | " + number(result.required("secondaryMetrics").required("gc.alloc.rate.norm").required("score"))
                    + " |");
        });
        return String.join("\n", lines) + "\n\n";
    }

    /** Class and method as words, and the parameters. */
    private static String name(JsonNode result) {
        String[] path = result.required("benchmark").textValue().split("\\.");
        String parameters = result.path("params").properties().stream()
                .map(parameter -> parameter.getKey() + " = " + parameter.getValue().textValue())
                .collect(Collectors.joining(", "));
        return words(path[path.length - 2]) + ": " + words(path[path.length - 1])
                + (parameters.isEmpty() ? "" : ", " + parameters);
    }

    private static String words(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String number(JsonNode value) {
        return String.format(Locale.ROOT, "%,.0f", value.asDouble());
    }
}
