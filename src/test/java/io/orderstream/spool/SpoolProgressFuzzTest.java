package io.orderstream.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.testsupport.Fuzzed;

/** Journals of the spool, as a disk may give them back. */
class SpoolProgressFuzzTest {

    private static final long PER_BYTE = 500;
    private static final Path JOURNAL = Path.of("a.journal");

    @FuzzTest
    void shouldReadWhatItWouldWriteOrRefuse(byte[] bytes) throws IOException {
        // Given
        Fuzzed input = new Fuzzed(bytes);
        List<String> lines = input.text().lines().toList();

        // When
        Optional<SpoolProgress> progress = input.parse(PER_BYTE, IOException.class,
                () -> SpoolProgress.parse(JOURNAL, lines, "id").orElse(null));

        // Then
        if (progress.isPresent()) {
            assertThat(progress.get().begun()).isGreaterThanOrEqualTo(progress.get().sent());
            assertThat(SpoolProgress.parse(JOURNAL, progress.get().lines("id"), "id")).isEqualTo(progress);
        }
    }
}
