package io.orderstream;

import static org.assertj.core.api.Assertions.assertThat;

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
                .filter(name -> name.matches(".*\\.(RedriveJob|RedriveRequest|RedriveCounts|RedriveCheckpoint"
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
