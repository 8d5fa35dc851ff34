package io.orderstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.orderstream.testsupport.ImageHeap;

/**
 * What would be made a native executable of, where there is no GraalVM: whatever is looked up by its name when it runs has to
 * be registered, and all that is linked has to be there. Run by {@code verify -Dnative -Dquarkus.native.sources-only=true}.
 */
class NativeSourcesCheck {

    private static final Path SOURCES = Path.of("target", "native-sources");
    private static final String CONFIGURATION = "META-INF/native-image/";
    private static final String OURS = CONFIGURATION + "io.orderstream/orderstream/resource-config.json";

    /** Records in the package of the API that nobody writes as JSON. */
    private static final Set<String> INTERNAL = Set.of("DeadLetterQuery", "Event", "PipelineFigures",
            "RedriveInput");

    /** What looks as if it could not be built, and why it can. */
    private static final Map<String, String> HARMLESS = Map.ofEntries(
            Map.entry("com.google.common.util.concurrent.AbstractFutureState$Waiter.TOMBSTONE", "is made without a thread"),
            Map.entry("com.google.common.util.concurrent.JdkFutureAdapters$ListenableFutureAdapter.defaultAdapterExecutor",
                    "a pool has no thread before its first task, and nobody gives it one"),
            Map.entry("io.netty.buffer.EmptyByteBuf.EMPTY_BYTE_BUFFER", "Quarkus replaces it by that of EmptyByteBufStub"),
            Map.entry("io.opentelemetry.exporter.internal.otlp.InstrumentationScopeMarshaler.SCOPE_MARSHALER_CACHE",
                    "a map of this kind has no thread of its own"),
            Map.entry("io.opentelemetry.exporter.internal.otlp.ResourceMarshaler.RESOURCE_MARSHALER_CACHE",
                    "a map of this kind has no thread of its own"),
            Map.entry("io.opentelemetry.sdk.internal.AndroidFriendlyRandomHolder.random", "is read on Android only"),
            Map.entry("io.prometheus.client.Striped64.rng", "of Prometheus' own counters: Micrometer counts for itself"),
            Map.entry("io.smallrye.health.HealthStatus.random", "a helper for checks which no check uses"),
            Map.entry("org.LatencyUtils.LatencyStats.latencyStatsScheduledExecutor",
                    "Micrometer uses other classes of this library"),
            Map.entry("org.apache.commons.io.FileCleaner.INSTANCE", "has no thread before its first file, and is not used"),
            Map.entry("org.apache.kafka.common.security.kerberos.KerberosLogin.RNG",
                    "is not registered, so that none can be made: there is no Kerberos in the executable"),
            Map.entry("org.jboss.threads.EnhancedQueueExecutor.TERMINATE_COMPLETE_WAITER", "is made without a thread"),
            Map.entry("org.wildfly.common.archive.Archive.EMPTY_BUF", "reads archives, which nobody does"));

    private static JarFile runner;
    private static Set<String> registered;
    private static Set<String> constructible;

    @BeforeAll
    static void open() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            runner = new JarFile(files.filter(file -> file.toString().endsWith("-runner.jar")).findFirst().orElseThrow()
                    .toFile());
        }
        constructible = names("allDeclaredConstructors");
        registered = names("allDeclaredMethods");
        registered.retainAll(constructible);
    }

    private static Set<String> names(String permission) {
        return StreamSupport.stream(json(CONFIGURATION + "reflect-config.json").spliterator(), false)
                .filter(type -> type.path(permission).asBoolean()).map(type -> type.get("name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @AfterAll
    static void close() throws IOException {
        runner.close();
    }

    @Test
    void shouldRegisterEverythingTheApiWritesAsJson() {
        // Given
        List<String> records = ours().filter(type -> type.getPackageName().equals("io.orderstream.api"))
                .filter(JavaClass::isRecord).filter(type -> !INTERNAL.contains(type.getSimpleName())).map(JavaClass::getName)
                .toList();

        // Then
        assertThat(records).hasSizeGreaterThan(20);
        assertThat(registered).containsAll(records);
    }

    @Test
    void shouldRegisterWhatIsReadBackFromTopicsAndFiles() {
        assertThat(registered).containsAll(ours().filter(type -> type.isAssignableTo(SpecificRecord.class))
                .map(JavaClass::getName).toList());
        assertThat(registered).containsAll(ours().map(JavaClass::getName)
                .filter(name -> name.matches(".*\\.(RedriveJob|RedriveRequest|RedriveCounts|LeftOutDeadLetter|RedriveCheckpoint"
                        + "|RedriveJson\\$Control|DeadLetterFilter|DeadLetterFilter\\$Coordinates)"))
                .toList());
    }

    @Test
    void shouldRegisterTheInterfacesOfTheSettings() {
        assertThat(registered).containsAll(Settings.mappings().stream().map(Class::getName).toList());
    }

    @Test
    void shouldRegisterTheClassesOfKafkaThatPropertiesName() {
        assertThat(constructible).contains(ByteArraySerializer.class.getName(), ByteArrayDeserializer.class.getName(),
                CooperativeStickyAssignor.class.getName());
    }

    @Test
    void shouldIncludeSchemasAndTheMessagesOfTheirValidator() {
        assertThat(runner.getEntry("schemas/item-order.json")).isNotNull();
        assertThat(json(CONFIGURATION + "resource-config.json").at("/resources/includes").findValuesAsText("pattern"))
                .anyMatch("schemas/item-order.json"::matches)
                .contains("\\QMETA-INF/services/io.smallrye.config.ConfigSourceInterceptor\\E");
        assertThat(json(OURS).at("/bundles").findValuesAsText("name")).containsExactly("jsv-messages");
    }

    /** {@code --link-at-build-time}: what is referred to and missing ends the build. */
    @ParameterizedTest
    @ValueSource(strings = { "org.apache.avro.file.CodecFactory", "org.apache.avro.file.XZCodec",
            "org.tukaani.xz.XZOutputStream",
            "org.apache.commons.compress.compressors.xz.XZCompressorOutputStream", "org.xerial.snappy.Snappy",
            "com.github.luben.zstd.ZstdOutputStream" })
    void shouldHaveAllThatAvrosFilesReferTo(String name) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(libraries(), ClassLoader.getPlatformClassLoader())) {
            assertThat(loader.loadClass(name).getDeclaredMethods()).as("linked").isNotEmpty();
        }
    }

    /** {@code --strict-image-heap}: what a class has made at the build must be able to go into the executable. */
    @Test
    void shouldInitializeAtRunTimeWhatCannotBePutIntoTheExecutable() throws IOException {
        // Given
        List<Path> jars = Stream.concat(Stream.of(Path.of(runner.getName())),
                Arrays.stream(SOURCES.resolve("lib").toFile().listFiles()).map(File::toPath)).toList();

        // When
        ImageHeap heap = new ImageHeap(jars, Files.readString(SOURCES.resolve("native-image.args")));

        // Then
        assertThat(heap.size()).isGreaterThan(20_000);
        assertThat(heap.refused()).as("initialise their classes at run time (quarkus.native.additional-build-args), "
                + "or say here why that is not necessary").containsExactlyInAnyOrderElementsOf(HARMLESS.keySet());
    }

    @Test
    void shouldNotEmbedTheBrokerOfDevMode() throws IOException {
        assertThat(ours()).noneMatch(type -> type.getPackageName().equals("io.orderstream.dev")
                && runner.getEntry(type.getName().replace('.', '/') + ".class") != null);
        try (Stream<Path> libraries = Files.list(SOURCES.resolve("lib"))) {
            assertThat(libraries).isNotEmpty().noneMatch(library -> library.toString().contains("kafka_2.13"));
        }
    }

    private static Stream<JavaClass> ours() {
        return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.orderstream")
                .stream();
    }

    private static JsonNode json(String entry) {
        try (InputStream in = runner.getInputStream(runner.getEntry(entry))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL[] libraries() {
        return Arrays.stream(SOURCES.resolve("lib").toFile().listFiles()).map(file -> {
            try {
                return file.toURI().toURL();
            } catch (MalformedURLException e) {
                throw new UncheckedIOException(e);
            }
        }).toArray(URL[]::new);
    }
}
