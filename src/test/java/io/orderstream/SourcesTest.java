package io.orderstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the house rules say of source files, and class files no longer tell. */
class SourcesTest {

    private static final Path JAVA = Path.of("src");

    @ParameterizedTest
    @ValueSource(strings = { "import (static )?[\\w.]+\\.\\*;.*", "import (static )?lombok\\..*" })
    void shouldHaveNoLineThatMatches(String pattern) throws IOException {
        assertThat(sources()).isNotEmpty().filteredOn(source -> lines(source).stream().anyMatch(line -> line.matches(pattern)))
                .isEmpty();
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
