package io.orderstream.totals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.testsupport.Fuzzed;

/** Metadata of committed offsets, which whoever may commit for the group can write. */
class TotalsMetadataFuzzTest {

    private static final long PER_BYTE = 500;
    private static final long[] OFFSETS = { 0, 1_000_000_000_000L, Long.MAX_VALUE - 1_000 };

    @FuzzTest
    void shouldReadWhatItWouldWriteOrIgnoreIt(byte[] metadata) {
        // Given
        Fuzzed input = new Fuzzed(metadata);
        String text = input.text();

        for (long offset : OFFSETS) {
            // When
            Optional<TotalsMetadata> read = input.parse(PER_BYTE, () -> TotalsMetadata.read(offset, text));

            // Then
            read.ifPresent(known -> assertThat(TotalsMetadata.read(offset, known.write(offset, Integer.MAX_VALUE)))
                    .contains(known));
        }
    }
}
