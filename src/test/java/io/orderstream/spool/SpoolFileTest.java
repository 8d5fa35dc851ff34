package io.orderstream.spool;

import static io.orderstream.spool.SpoolFixture.CLOCK;
import static io.orderstream.spool.SpoolFixture.append;
import static io.orderstream.spool.SpoolFixture.contents;
import static io.orderstream.spool.SpoolFixture.entries;
import static io.orderstream.spool.SpoolFixture.files;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.kafka.TopicEnds;

/** What stands in a file of the spool, and what is left of one that was torn. */
class SpoolFileTest {

    @TempDir
    private Path directory;

    @Test
    void shouldCutTheLastBlockWhereverItWasTornAndGoOn() throws IOException {
        // Given
        List<SpoolEntry> kept = entries(0, 2);
        List<SpoolEntry> later = entries(10, 11);
        Path file;
        long whole;
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
            append(store, kept);
            file = files(directory).get(0);
            whole = Files.size(file);
            append(store, entries(2, 4));
        }
        byte[] bytes = Files.readAllBytes(file);

        for (int length = (int) whole; length < bytes.length; length++) {
            // When
            Files.write(file, Arrays.copyOf(bytes, length));
            try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
                assertThat(store.entries()).as("cut at %d of %d", length, bytes.length).isEqualTo(2);
                append(store, later);
            }

            // Then
            assertThat(contents(directory)).as("cut at %d of %d", length, bytes.length)
                    .containsExactlyElementsOf(Stream.of(kept, later).flatMap(List::stream).toList());
        }
    }

    @Test
    void shouldCutGarbageBehindTheLastBlockWhateverItClaimsToBe() throws IOException {
        // Given
        List<SpoolEntry> kept = entries(0, 2);
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
            append(store, kept);
        }
        Path file = files(directory).get(0);
        byte[] bytes = Files.readAllBytes(file);
        Random random = new Random(42);

        for (int round = 0; round < 60; round++) {
            // When
            byte[] garbage = new byte[random.nextInt(1, 100)];
            random.nextBytes(garbage);
            if (round % 4 == 0) {
                // One entry of two gigabytes
                System.arraycopy(new byte[] { 2, -2, -1, -1, -1, 15 }, 0, garbage, 0, Math.min(6, garbage.length));
            }
            byte[] both = Arrays.copyOf(bytes, bytes.length + garbage.length);
            System.arraycopy(garbage, 0, both, bytes.length, garbage.length);
            Files.write(file, both);

            // Then
            assertThat(contents(directory)).isEqualTo(kept);
            assertThat(Files.size(file)).isEqualTo(bytes.length);
        }
    }

    @Test
    void shouldCutABlockWhoseMiddleNeverGotToTheDisk() throws IOException {
        // Given
        Path file;
        long whole;
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
            append(store, entries(0, 2));
            file = files(directory).get(0);
            whole = Files.size(file);
            append(store, entries(2, 4));
        }
        byte[] bytes = Files.readAllBytes(file);

        // When
        Arrays.fill(bytes, (int) whole + 60, bytes.length - 100, (byte) 0);
        Files.write(file, bytes);

        // Then
        assertThat(contents(directory)).hasSize(2);
    }

    @Test
    void shouldKeepWhatIsBehindABlockThatTheDiskHasDamagedWhereverThatIs() throws IOException {
        // Given
        List<SpoolEntry> around = new ArrayList<>(entries(0, 2));
        Path file;
        long from;
        long to;
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
            append(store, around);
            file = files(directory).get(0);
            from = Files.size(file);
            append(store, entries(2, 4));
            to = Files.size(file);
            List<SpoolEntry> behind = entries(4, 6);
            append(store, behind);
            around.addAll(behind);
        }
        byte[] whole = Files.readAllBytes(file);

        for (int at = (int) from; at < to; at++) {
            // When
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x40;
            Files.write(file, damaged);
            List<SpoolEntry> found = contents(directory);

            // Then
            if (found.size() < 6) {
                assertThat(found).as("damaged at %d of %d to %d", at, from, to).isEqualTo(around);
                assertThat(Files.readAllBytes(copy())).isEqualTo(damaged);
                Files.delete(copy());
            }
        }
        assertThat(Files.size(file)).isEqualTo(whole.length);
    }

    @Test
    void shouldSendPastDamageThatIsOlderThanTheJournalAndAppendBehindIt() throws IOException {
        // Given
        Path file;
        long first;
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
            append(store, entries(0, 1));
            file = files(directory).get(0);
            first = Files.size(file);
            append(store, entries(1, 2));
            SpoolFile.Batch batch = store.next();
            store.begin(batch, TopicEnds.NONE);
            append(store, entries(2, 3));
        }
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, (int) first, (int) first + 20, (byte) 0xff);
        Files.write(file, bytes);

        // When
        List<String> sent = new ArrayList<>();
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
            append(store, entries(3, 4));
            for (SpoolFile.Batch batch = store.next(); batch != null; batch = store.next()) {
                batch.entries().forEach(entry -> sent.add(new String(entry.getKey().array())));
                store.sent(batch);
            }
        }

        // Then
        assertThat(sent).containsExactly("key-0", "key-2", "key-3");
        assertThat(files(directory)).isEmpty();
        assertThat(Files.readAllBytes(copy())).isEqualTo(bytes);
    }

    @Test
    void shouldCopyAFileWhoseLastBlockWasCompleteBeforeItCutsIt() throws IOException {
        // Given
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
            append(store, entries(0, 2));
        }
        Path file = files(directory).get(0);
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length - 60, bytes.length - 20, (byte) 0xff);
        Files.write(file, bytes);

        // Then
        assertThat(contents(directory)).isEmpty();
        assertThat(Files.readAllBytes(copy())).isEqualTo(bytes);
    }

    private Path copy() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".damaged")).findFirst().orElseThrow();
        }
    }

    @Test
    void shouldWriteFilesAnyReaderOfAvroCanRead() throws IOException {
        // Given
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
            append(store, entries(0, 3));
            append(store, entries(3, 4));
        }

        // When
        List<String> keys = new ArrayList<>();
        try (DataFileReader<GenericRecord> reader = new DataFileReader<>(files(directory).get(0).toFile(),
                new GenericDatumReader<>())) {
            reader.forEach(entry -> keys.add(new String(((ByteBuffer) entry.get("key")).array())));
        }

        // Then
        assertThat(keys).containsExactly("key-0", "key-1", "key-2", "key-3");
        assertThat(files(directory)).extracting(file -> file.getFileName().toString())
                .containsExactly("undelivered-2026-11-21.avro");
    }
}
