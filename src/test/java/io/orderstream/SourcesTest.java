package io.orderstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the house rules say of source files, and class files no longer tell. */
class SourcesTest {

    private static final Path JAVA = Path.of("src");

    @ParameterizedTest
    @ValueSource(strings = { "import (static )?[\\w.]+\\.\\*;.*", "import (static )?lombok\\..*",
            ".*@Observes.*@Priority\\(\\d.*" })
    void shouldHaveNoLineThatMatches(String pattern) throws IOException {
        assertThat(sources()).isNotEmpty().filteredOn(source -> lines(source).stream().anyMatch(line -> line.matches(pattern)))
                .isEmpty();
    }

    /** Longer ones cannot be seen at once. The formatter closes a method where it begins. */
    @Test
    void shouldHaveNoMethodOfMoreThanThirtyFiveLines() throws IOException {
        // Given
        Pattern method = Pattern.compile(
                "(?ms)^( {4}| {8})(?! )(?![^\\n]*(class|record|enum|interface) )[^\\n;=]*\\([^;{}]*\\)[^;{}]*\\{\\n.*?^\\1}");

        // When
        List<String> methods = sources().stream().filter(source -> source.startsWith(Path.of("src", "main")))
                .flatMap(source -> method.matcher(String.join("\n", lines(source))).results().map(MatchResult::group)).toList();

        // Then
        assertThat(methods).hasSizeGreaterThan(1_000).filteredOn(text -> text.lines().count() > 35).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(JAVA)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static List<String> lines(Path source) {
        try {
            return Files.readAllLines(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
