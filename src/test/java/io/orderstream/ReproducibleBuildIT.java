package io.orderstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceClassVisitor;

import io.orderstream.testsupport.DevProject;
import io.orderstream.testsupport.PackagedApps;

/**
 * Packages the same sources a second time, in another directory, and compares. What Quarkus 3.30 does not repeat is
 * named here, and is compared by its content: its build steps run beside each other, and the classes of
 * {@link #ORDERED} are written in the order, and with the numbers, in which those came. With one thread for them
 * all, which would settle it, its build waits for itself for ever.
 */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReproducibleBuildIT {

    private static final Path FIRST = Path.of("target").toAbsolutePath();
    private static final String GENERATED = "quarkus-app/quarkus/generated-bytecode.jar";
    private static final String SBOM = "quarkus-run-cyclonedx.json";
    /** The steps of the start, their order, and the list of configurations. */
    private static final Pattern ORDERED = Pattern.compile(
            "io/quarkus/(runner/recorded/\\w+\\$\\w+|runner/ApplicationImpl|runtime/generated/\\w*Config\\w*)\\.class");
    /** Where one of those steps keeps what another one gives it, and where things are in a method. */
    private static final Pattern NUMBER = Pattern.compile("(proxykey|mapping\\$|\\bL|LOAD |STORE |MAX(?:STACK|LOCALS) = )\\d+");
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
        assertThat(files(second)).isEqualTo(files).hasSizeGreaterThan(200);
        assertThat(files).filteredOn(file -> !file.equals(GENERATED))
                .allSatisfy(file -> assertThat(second.resolve(file)).hasSameBinaryContentAs(FIRST.resolve(file)));
    }

    private static List<String> files(Path target) throws IOException {
        return PackagedApps.files(target.resolve("quarkus-app")).stream().map(file -> "quarkus-app/" + file).toList();
    }

    @Test
    void shouldGenerateTheSameCodeInAnyOrder() throws IOException {
        // When
        Map<String, Entry> before = entries(FIRST.resolve(GENERATED));
        Map<String, Entry> after = entries(second.resolve(GENERATED));

        // Then
        assertThat(after.keySet()).containsExactlyElementsOf(before.keySet()).hasSizeGreaterThan(500);
        assertThat(before).allSatisfy((name, entry) -> {
            assertThat(after.get(name).time()).as(name).isEqualTo(entry.time());
            if (ORDERED.matcher(name).matches()) {
                assertThat(instructions(after.get(name), second)).as(name).isEqualTo(instructions(entry, FIRST));
            } else {
                assertThat(Arrays.equals(after.get(name).content(), entry.content())).as(name).isTrue();
            }
        });
    }

    private static Map<String, Entry> entries(Path jar) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
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
    void shouldWriteTheSameBillOfMaterialsButForItsTimeAndTheHashesOfThatCode() throws IOException {
        assertThat(sbom(second)).isEqualTo(sbom(FIRST));
    }

    private static String sbom(Path target) throws IOException {
        String[] parts = TIME.matcher(Files.readString(target.resolve(SBOM))).replaceFirst("").split("\"bom-ref\" : ");
        return String.join("\n", Stream.of(parts).map(part -> part.startsWith("\"quarkus/generated-bytecode.jar")
                ? part.replaceAll("\"content\" : \"[^\"]+\"", "")
                : part).toList());
    }
}
