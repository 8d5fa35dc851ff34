package io.orderstream;

import java.io.IOException;
import java.io.Reader;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Produces;

import org.jboss.resteasy.reactive.RestQuery;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orderstream.metrics.Metric;
import io.orderstream.metrics.Tag;
import io.orderstream.settings.SettingRule;
import io.orderstream.testsupport.Contract;
import io.orderstream.testsupport.MainSources;

/** What users, operators and other programs rely on stays as it was recorded, wherever the code goes that makes it. */
class ContractTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MainSources SOURCES = MainSources.read();
    private static final Pattern OWN_SETTING = Pattern.compile("(%\\w+\\.)?orderstream\\..*");
    private static final Pattern RECORD_HEADER = Pattern
            .compile("(dead-letter|retry|redrive)-[a-z-]*[a-z]|correlation-id|traceparent|tracestate");
    /** Names of another kind: a failure strategy, a reader. */
    private static final Set<String> NO_HEADERS = Set.of("dead-letter-queue-of-origin", "dead-letter-monitor");

    @Test
    void shouldKeepTheNamesKindsAndTagsOfMetrics() {
        // Given
        MeterRegistry registry = new SimpleMeterRegistry();

        // When
        List<String> metrics = Stream.of(Metric.values())
                .map(metric -> metric.prometheusName() + " " + metric.kind().label() + " "
                        + metric.tags().stream().map(Tag::label).sorted().toList() + buckets(metric, registry))
                .toList();

        // Then
        Contract.hold("metrics.txt", metrics);
    }

    private static String buckets(Metric metric, MeterRegistry registry) {
        if (metric.kind() != Metric.Kind.TIMER) {
            return "";
        }
        Timer timer = metric.timer(registry, metric.tags().stream().map(Tag::label).toArray(String[]::new));
        return " seconds " + Stream.of(timer.takeSnapshot().histogramCounts())
                .map(bucket -> Double.toString(bucket.bucket(TimeUnit.SECONDS))).toList();
    }

    @Test
    void shouldKeepTheNamesDefaultsAndRulesOfSettings() throws IOException {
        // Given
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("src", "main", "resources", "application.properties"))) {
            properties.load(reader);
        }

        // When
        Stream<String> declared = Settings.mappings().stream().flatMap(SettingRule::of).map(rule -> String.join(" | ",
                rule.env(), rule.property(), rule.shownDefault(), rule.rule()));
        Stream<String> departures = properties.stringPropertyNames().stream()
                .filter(name -> OWN_SETTING.matcher(name).matches()).map(name -> name + " = " + properties.getProperty(name));

        // Then
        Contract.hold("settings.txt", Stream.concat(declared, departures).toList());
    }

    @Test
    void shouldKeepTheNamesOfHeaders() {
        // When
        Stream<String> ofRecords = SOURCES.constantTexts().stream()
                .filter(text -> RECORD_HEADER.matcher(text).matches() && !NO_HEADERS.contains(text)).map("record "::concat);
        Stream<String> ofHttp = SOURCES.httpHeaders().stream().map("http "::concat);

        // Then
        Contract.hold("headers.txt", Stream.concat(ofRecords, ofHttp).toList());
    }

    @Test
    void shouldKeepTheLevelsAndFormatsOfLogLines() {
        Contract.hold("log-lines.txt", SOURCES.logLines());
    }

    @Test
    void shouldKeepTheSchemas() throws IOException {
        // Given
        List<String> schemas = new ArrayList<>();

        // When
        for (Path root : List.of(Path.of("src", "main", "avro"), Path.of("src", "main", "resources", "schemas"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    schemas.add(file.getFileName() + " " + JSON.readTree(file.toFile()));
                }
            }
        }

        // Then
        Contract.hold("schemas.txt", schemas);
    }

    @Test
    void shouldKeepTheEndpointsOfTheRestApi() throws IOException, URISyntaxException {
        // Given
        Path root = Path.of(Settings.class.getProtectionDomain().getCodeSource().getLocation().toURI());

        // When
        List<String> endpoints;
        try (Stream<Path> files = Files.walk(root)) {
            endpoints = files.map(file -> root.relativize(file).toString()).filter(file -> file.endsWith(".class"))
                    .map(ContractTest::type).filter(type -> type.isAnnotationPresent(jakarta.ws.rs.Path.class))
                    .flatMap(type -> Arrays.stream(type.getMethods()).flatMap(method -> endpoint(type, method))).toList();
        }

        // Then
        Contract.hold("rest.txt", endpoints);
    }

    private static Class<?> type(String file) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.').replace('\\', '.');
        try {
            return Class.forName(name, false, ContractTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<String> endpoint(Class<?> type, Method method) {
        String at = path(type) + path(method);
        String media = " consumes " + media(Consumes.class, Consumes::value, method) + " produces "
                + media(Produces.class, Produces::value, method);
        String queries = Arrays.stream(method.getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(RestQuery.class))
                .map(parameter -> " query " + parameter.getName()).collect(Collectors.joining());
        return Arrays.stream(method.getAnnotations()).map(Annotation::annotationType)
                .filter(annotation -> annotation.isAnnotationPresent(HttpMethod.class))
                .map(annotation -> annotation.getAnnotation(HttpMethod.class).value())
                .map(verb -> verb + " " + at + media + queries);
    }

    private static String path(AnnotatedElement element) {
        jakarta.ws.rs.Path path = element.getAnnotation(jakarta.ws.rs.Path.class);
        return path == null ? "" : path.value().replaceAll("^/?(?=.)|/$", "/").replaceAll("/$", "");
    }

    private static <A extends Annotation> String media(Class<A> annotation, Function<A, String[]> types, Method method) {
        return Stream.of(method, method.getDeclaringClass()).map(element -> element.getAnnotation(annotation))
                .filter(Objects::nonNull).findFirst().map(found -> String.join(",", types.apply(found))).orElse("anything");
    }
}
