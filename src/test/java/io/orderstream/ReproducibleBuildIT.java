package io.orderstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceClassVisitor;

import io.orderstream.testsupport.DevProject;
import io.orderstream.testsupport.PackagedApps;

/**
 * Packages the same sources a second time, in another directory, and compares. What Quarkus 3.30 does not repeat is
 * named here, and is compared by its content. Its build steps run beside each other, and the classes of
 * {@link #ORDERED} are written in the order, and with the numbers, in which those came; with one thread for them all,
 * which would settle it, its build waits for itself for ever. What it transforms, and what it lists of that for its
 * class loader, is in the order of a hash of paths, of which the directory is one.
 */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReproducibleBuildIT {

    private static final Path FIRST = Path.of("target").toAbsolutePath();
    private static final String GENERATED = "quarkus-app/quarkus/generated-bytecode.jar";
    private static final String TRANSFORMED = "quarkus-app/quarkus/transformed-bytecode.jar";
    private static final String CLASS_PATH = "quarkus-app/quarkus/quarkus-application.dat";
    private static final Set<String> IN_ANY_ORDER = Set.of(GENERATED, TRANSFORMED, CLASS_PATH);
    private static final String SBOM = "quarkus-run-cyclonedx.json";
    /** The steps of the start, their order, and the list of configurations. */
    private static final Pattern ORDERED = Pattern.compile(
            "io/quarkus/(runner/recorded/\\w+\\$\\w+|runner/ApplicationImpl|runtime/generated/\\w*Config\\w*)\\.class");
    /** Where one of those steps keeps what another one gives it, and where things are in a method. */
    private static final Pattern NUMBER = Pattern.compile("(proxykey|mapping\\$|\\bL|LOAD |STORE |MAX(?:STACK|LOCALS) = )\\d+");
    private static final Pattern NAME = Pattern.compile("[\\w$./-]{4,}");
    private static final Pattern TIME = Pattern.compile("\"timestamp\" : \"[^\"]+\"");

    /** Of an entry of a jar. */
    private record Entry(FileTime time, byte[] content) {
    }

    private Path second;

    @BeforeAll
    void packageAgain(@TempDir Path directory) {
        second = new DevProject(directory.resolve("again")).packaged().getParent().getParent();
    }

    @Test
    void shouldMakeTheSameBytesOfEachFileThatQuarkusRepeats() throws IOException {
        // When
        List<String> files = files(FIRST);

        // Then
        assertSameLines(files(second), files);
        assertThat(files).hasSizeGreaterThan(200);
        assertThat(files).containsAll(IN_ANY_ORDER).filteredOn(file -> !IN_ANY_ORDER.contains(file))
                .allSatisfy(file -> assertThat(second.resolve(file)).hasSameBinaryContentAs(FIRST.resolve(file)));
    }

    private static List<String> files(Path target) throws IOException {
        return PackagedApps.files(target.resolve("quarkus-app")).stream().map(file -> "quarkus-app/" + file).toList();
    }

    @ParameterizedTest
    @CsvSource({ GENERATED + ", 500", TRANSFORMED + ", 50" })
    void shouldWriteTheSameClassesInAnyOrder(String jar, int least) throws IOException {
        // When
        Map<String, Entry> before = entries(FIRST.resolve(jar));
        Map<String, Entry> after = entries(second.resolve(jar));

        // Then
        assertSameLines(after.keySet(), before.keySet());
        assertThat(before).hasSizeGreaterThan(least).allSatisfy((name, entry) -> {
            assertThat(after.get(name).time()).as(name).isEqualTo(entry.time());
            if (ORDERED.matcher(name).matches()) {
                assertSameLines(instructions(after.get(name), second), instructions(entry, FIRST));
            } else {
                assertThat(Arrays.equals(after.get(name).content(), entry.content())).as(name).isTrue();
            }
        });
    }

    private static Map<String, Entry> entries(Path jar) throws IOException {
        Map<String, Entry> entries = new TreeMap<>();
        try (InputStream file = Files.newInputStream(jar); ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), new Entry(entry.getLastModifiedTime(), zip.readAllBytes()));
            }
        }
        return entries;
    }

    /** The class as text: lines sorted, without numbers, and without the directory of the build, which one step has. */
    private static List<String> instructions(Entry entry, Path target) {
        StringWriter text = new StringWriter();
        try (InputStream content = new ByteArrayInputStream(entry.content())) {
            new ClassReader(content).accept(new TraceClassVisitor(null, new Textifier(), new PrintWriter(text)),
                    ClassReader.SKIP_FRAMES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().lines().map(line -> NUMBER.matcher(line).replaceAll("$1").strip())
                .map(line -> line.replace(target.toUri().getRawPath(), "/")).sorted().toList();
    }

    @Test
    void shouldGiveTheClassLoaderTheSameNamesInAnyOrder() throws IOException {
        assertSameLines(names(second.resolve(CLASS_PATH)), names(FIRST.resolve(CLASS_PATH)));
    }

    /** Of packages and jars; between them are their lengths and numbers. */
    private static List<String> names(Path classPath) throws IOException {
        String text = Files.readString(classPath, StandardCharsets.ISO_8859_1);
        return NAME.matcher(text).results().map(MatchResult::group).sorted().toList();
    }

    @Test
    void shouldWriteTheSameBillOfMaterialsButForItsTimeAndTheHashesOfThose() throws IOException {
        assertSameLines(sbom(second), sbom(FIRST));
    }

    private static List<String> sbom(Path target) throws IOException {
        String[] parts = TIME.matcher(Files.readString(target.resolve(SBOM))).replaceFirst("").split("\"bom-ref\" : ");
        return Stream.of(parts).map(part -> IN_ANY_ORDER.stream().anyMatch(file -> part.startsWith(bomRef(file)))
                ? part.replaceAll("\"content\" : \"[^\"]+\"", "")
                : part).flatMap(String::lines).toList();
    }

    private static String bomRef(String file) {
        return file.replace("quarkus-app/", "\"");
    }

    /** Says, if they differ, where they do, and not all the thousands of lines there are. */
    private void assertSameLines(Iterable<String> actual, Iterable<String> expected) {
        try {
            assertThat(Files.write(second.resolve("actual"), actual))
                    .hasSameTextualContentAs(Files.write(second.resolve("expected"), expected));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
