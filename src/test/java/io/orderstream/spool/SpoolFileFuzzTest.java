package io.orderstream.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.apache.avro.file.DataFileConstants;
import org.junit.jupiter.api.io.TempDir;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.testsupport.Fuzzed;

/**
 * Files of the spool, as a disk may give them back: if the first byte of the input is even, the others are the file,
 * else they are a block between two others, without its mark.
 */
class SpoolFileFuzzTest {

    private static final long PER_BYTE = 1_000;

    @TempDir
    private static Path directory;
    private static byte[] whole;
    private static int middle;

    @FuzzTest
    void shouldKeepWhatCanBeRead(byte[] bytes) throws IOException {
        // Given
        if (whole == null) {
            makeWhole();
        }
        boolean isBetween = bytes.length > 0 && bytes[0] % 2 != 0;
        byte[] given = bytes.length == 0 ? bytes : Arrays.copyOfRange(bytes, 1, bytes.length);
        byte[] content = isBetween ? between(given) : given;
        Path file = directory.resolve("undelivered-2026-11-20.avro");
        Files.write(file, content);

        // When
        Optional<SpoolFile.Batch> batch = new Fuzzed(content).parse(PER_BYTE, IOException.class,
                () -> SpoolFile.open(file).next(Integer.MAX_VALUE));

        // Then
        if (isBetween) {
            List<SpoolEntry> entries = batch.orElseThrow().entries();
            assertThat(entries).extracting(entry -> entry.getId()).startsWith("entry-0", "entry-1").endsWith("entry-2");
        }
    }

    private static void makeWhole() throws IOException {
        Path file = directory.resolve("whole.avro");
        SpoolFile spool = SpoolFile.create(file);
        spool.append(List.of(encoded(0), encoded(1)));
        middle = (int) Files.size(file);
        spool.append(List.of(encoded(2)));
        spool.close();
        whole = Files.readAllBytes(file);
    }

    private static byte[] encoded(int number) {
        SpoolEntry entry = SpoolFixture.entries(number, number + 1).get(0);
        entry.setId("entry-" + number);
        return SpoolEntries.encode(entry);
    }

    /** The given bytes are those of a block that has its mark still, with which all blocks end. */
    private static byte[] between(byte[] given) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(whole, 0, middle);
        all.writeBytes(given);
        all.write(whole, whole.length - DataFileConstants.SYNC_SIZE, DataFileConstants.SYNC_SIZE);
        all.write(whole, middle, whole.length - middle);
        return all.toByteArray();
    }
}
