package io.orderstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.ws.rs.core.UriInfo;

import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.junit.jupiter.api.Test;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.orderstream.record.Decoder;
import io.orderstream.support.TextHeaders;

/** That what reads something of others is fuzzed: these tables name the test for each, and say if one is missing. */
class FuzzTargetsTest {

    private static final String ROOT = "io.orderstream";
    private static final JavaClasses MAIN = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    private static final JavaClasses TESTS = new ClassFileImporter().withImportOption(new ImportOption.OnlyIncludeTests())
            .importPackages(ROOT);
    private static final Path CORPUS = Path.of("src", "test", "resources");
    private static final long MOST_BYTES = 400_000;

    private static final Map<String, String> BODIES = Map.of("PublishResource.event", "EventFuzzTest",
            "PublishResource.itemOrder", "ItemOrderFuzzTest", "RedriveResource.create", "RedriveInputFuzzTest",
            "DevResource.faults", "DevInputFuzzTest", "DevResource.orders", "DevInputFuzzTest", "DevResource.poison",
            "DevInputFuzzTest", "DevResource.outage", "DevInputFuzzTest", "DevResource.kill", "DevInputFuzzTest");
    /** With a parameter that is parsed; an id or a name is only looked up. */
    private static final Map<String, String> PARAMETERS = Map.of("DeadLetterResource.list", "ParametersFuzzTest",
            "StatsResource.tracker", "ParametersFuzzTest", "StreamResource.history", "ParametersFuzzTest");
    private static final Set<String> LOOKED_UP = Set.of("RedriveResource.job", "RedriveResource.stop", "RedriveResource.resume",
            "StatsResource.stats", "StreamResource.events");
    private static final Map<String, String> DECODERS = Map.of("AvroDecoder", "OrderDecoderFuzzTest", "OrderDecoder",
            "OrderDecoderFuzzTest", "ItemOrderFormat", "ItemOrderFuzzTest");
    private static final Map<String, String> HEADERS = Map.of("DeadLetter", "DeadLetterFuzzTest", "KeptLetter",
            "DeadLetterFuzzTest", "Origin", "DeadLetterFuzzTest", "RetryHeaders", "RetryHeadersFuzzTest", "Correlation",
            "CorrelationFuzzTest", "OpenTelemetryTracing", "CorrelationFuzzTest");
    /** These compare a text with one of their own, or make a digest of it. */
    private static final Set<String> COMPARED = Set.of("KeptFiles", "SpoolSender");
    private static final Set<String> OTHERS = Set.of("AnyValueFuzzTest", "StrictJsonFuzzTest", "LogTextFuzzTest",
            "TotalsMetadataFuzzTest", "RedriveLogFuzzTest", "SpoolFileFuzzTest", "SpoolProgressFuzzTest");

    @Test
    void shouldFuzzEachBodyAndParameterOfARequest() {
        // When
        Set<String> bodies = resources(parameter -> parameter.getRawType().isEquivalentTo(byte[].class));
        Set<String> parameters = resources(parameter -> parameter.isAnnotatedWith(RestQuery.class)
                || parameter.isAnnotatedWith(RestPath.class) || parameter.getRawType().isEquivalentTo(UriInfo.class));

        // Then
        assertThat(bodies).isEqualTo(BODIES.keySet());
        assertThat(parameters).isEqualTo(
                Stream.concat(PARAMETERS.keySet().stream(), LOOKED_UP.stream()).collect(Collectors.toSet()));
    }

    private static Set<String> resources(Predicate<JavaParameter> isRead) {
        return MAIN.stream().filter(type -> type.isAnnotatedWith(jakarta.ws.rs.Path.class))
                .flatMap(type -> type.getMethods().stream()).filter(method -> method.getAnnotations().stream()
                        .anyMatch(annotation -> annotation.getRawType().getPackageName().equals("jakarta.ws.rs")))
                .filter(method -> method.getParameters().stream().anyMatch(isRead))
                .map(method -> method.getOwner().getSimpleName() + "." + method.getName()).collect(Collectors.toSet());
    }

    @Test
    void shouldFuzzEachDecoderOfRecordsAndReaderOfTheirHeaders() {
        // When
        Set<String> decoders = MAIN.stream().filter(type -> type.isAssignableTo(Decoder.class) && !type.isInterface())
                .map(JavaClass::getSimpleName).collect(Collectors.toSet());
        Set<String> readers = MAIN.get(TextHeaders.class).getMethodCallsToSelf().stream()
                .filter(call -> Set.of("first", "last").contains(call.getTarget().getName())).map(call -> call.getOriginOwner())
                .map(owner -> owner.getName().replaceFirst(".*[.]([^.$]+).*", "$1")).collect(Collectors.toSet());
        readers.removeAll(COMPARED);

        // Then
        assertThat(decoders).isEqualTo(DECODERS.keySet());
        assertThat(readers).isEqualTo(HEADERS.keySet());
    }

    /** Jazzer fuzzes one test of a class, and without a first input it may never find the way in. */
    @Test
    void shouldHaveOneFuzzTestForAClassAndInputsForEach() {
        // When
        Map<String, List<JavaMethod>> tests = TESTS.stream().flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(FuzzTest.class))
                .collect(Collectors.groupingBy(method -> method.getOwner().getSimpleName()));

        // Then
        assertThat(tests.keySet()).isEqualTo(Stream.of(BODIES.values(), PARAMETERS.values(), DECODERS.values(),
                HEADERS.values(), OTHERS).flatMap(Collection::stream).collect(Collectors.toSet()));
        assertThat(tests.values()).allSatisfy(methods -> {
            assertThat(methods).hasSize(1);
            assertThat(inputs(methods.get(0))).isNotEmpty();
        });
        assertThat(tests.values().stream().flatMap(methods -> inputs(methods.get(0)).stream()).mapToLong(FuzzTargetsTest::size)
                .sum()).isLessThan(MOST_BYTES);
    }

    private static List<Path> inputs(JavaMethod test) {
        Path directory = CORPUS.resolve(test.getOwner().getFullName().replace('.', '/') + "Inputs").resolve(test.getName());
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
