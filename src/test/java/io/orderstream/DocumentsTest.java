package io.orderstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.orderstream.testsupport.JavaSources;
import io.orderstream.testsupport.MarkdownPage;

/** Holds README, CONTRIBUTING and the pages in docs to the files and classes there are. */
class DocumentsTest {

    private static final Path README = Path.of("README.md");
    private static final Path CONTRIBUTING = Path.of("CONTRIBUTING.md");
    private static final Path ARCHITECTURE = Path.of("docs", "architecture.md");
    private static final Path MAIN = Path.of("src", "main", "java", "io", "orderstream");
    private static final Pattern FILE = Pattern.compile("(src|docs|k8s|\\.github|\\.ci)(/[\\w.-]+)+");
    private static final Pattern CLASS = Pattern.compile("([A-Z][a-z]\\w*)(\\.\\w+)?");
    private static final Pattern CLASS_IN_PACKAGE = Pattern.compile("[a-z]+/[A-Z]\\w*");
    private static final Pattern AVRO_RECORD = Pattern.compile("\"name\": *\"([A-Z]\\w*)\"");
    private static final Pattern IMPORTED = Pattern.compile("(?m)^import [\\w.]+\\.(\\w+);$");

    @Test
    void shouldResolveEveryLink() throws IOException {
        // When
        List<MarkdownPage.Link> links = pages().stream().flatMap(page -> page.links().stream()).toList();

        // Then
        assertThat(links).hasSizeGreaterThan(20);
        assertThat(links).filteredOn(link -> !link.isResolved()).isEmpty();
    }

    @Test
    void shouldShowACompleteHandlerInTwelveLinesOfReadme() {
        // When
        List<String> classes = MarkdownPage.read(README).blocks("java");

        // Then
        assertThat(classes).first().asString().startsWith("package ").contains("OrderHandler");
        assertThat(classes.get(0).lines().filter(line -> !line.isBlank())).hasSizeLessThanOrEqualTo(12);
    }

    /** A block that begins with its package is a whole class; those of a page may use each other. */
    @Test
    void shouldShowOnlyClassesThatCompile() throws IOException {
        try (JavaSources compiler = new JavaSources()) {
            for (MarkdownPage page : pages()) {
                // Given
                List<String> classes = page.blocks("java").stream().filter(block -> block.startsWith("package ")).toList();

                // When
                List<String> errors = classes.isEmpty() ? List.of() : compiler.errorsIn(classes);

                // Then
                assertThat(errors).as(page.toString()).isEmpty();
            }
        }
    }

    @Test
    void shouldNameOnlyFilesAndClassesThatExist() throws IOException {
        // Given
        Set<String> known = knownClasses();

        // When
        List<String> named = Stream.of(ARCHITECTURE, CONTRIBUTING).flatMap(page -> MarkdownPage.read(page).code().stream())
                .toList();

        // Then
        assertThat(named).filteredOn(name -> FILE.matcher(name).matches() && !Files.exists(Path.of(name))).isEmpty();
        assertThat(named).filteredOn(
                name -> CLASS_IN_PACKAGE.matcher(name).matches() && !Files.exists(MAIN.resolve(name + ".java"))).isEmpty();
        assertThat(named).filteredOn(name -> CLASS.matcher(name).matches())
                .extracting(name -> name.replaceFirst("\\..*", "")).isNotEmpty().filteredOn(name -> !known.contains(name))
                .isEmpty();
    }

    @Test
    void shouldDescribeEveryPackage() throws IOException {
        try (Stream<Path> packages = Files.list(MAIN)) {
            // Given
            List<String> names = packages.filter(Files::isDirectory).map(name -> name.getFileName().toString()).toList();

            // Then
            assertThat(MarkdownPage.read(ARCHITECTURE).rows("Packages")).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    private static List<MarkdownPage> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ARCHITECTURE.getParent())) {
            return Stream.concat(Stream.of(README, CONTRIBUTING, Path.of("CHANGELOG.md")),
                    docs.filter(file -> file.toString().endsWith(".md")).sorted()).map(MarkdownPage::read).toList();
        }
    }

    /** Our own, those Avro makes, and those of others that we import. */
    private static Set<String> knownClasses() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(Files::isRegularFile).flatMap(DocumentsTest::classesOf).collect(Collectors.toSet());
        }
    }

    private static Stream<String> classesOf(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".avsc")) {
            return found(AVRO_RECORD, file);
        }
        return name.endsWith(".java") ? Stream.concat(Stream.of(name.replaceFirst("\\.java$", "")), found(IMPORTED, file))
                : Stream.empty();
    }

    private static Stream<String> found(Pattern pattern, Path file) {
        try {
            return pattern.matcher(Files.readString(file)).results().map(found -> found.group(1)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
