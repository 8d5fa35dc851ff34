package io.orderstream.spool;

import static io.orderstream.spool.SpoolFixture.CLOCK;
import static io.orderstream.spool.SpoolFixture.append;
import static io.orderstream.spool.SpoolFixture.contents;
import static io.orderstream.spool.SpoolFixture.entries;
import static io.orderstream.spool.SpoolFixture.files;
import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.kafka.TopicEnds;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.JavaPrograms;

class SpoolStoreTest {

    @TempDir
    private Path directory;

    @Test
    void shouldHaveEveryEntryAgainWhenTheProcessEndedWithoutAWord() throws IOException {
        // Given
        List<SpoolEntry> spooled = entries(0, 20);
        SpoolStore store = new SpoolStore(directory, CLOCK);
        append(store, spooled.subList(0, 5));
        append(store, spooled.subList(5, 20));

        // When
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.copy(files(directory).get(0), copy.resolve(files(directory).get(0).getFileName()));
        store.close();

        // Then
        assertThat(contents(copy)).isEqualTo(spooled);
        assertThat(contents(directory)).isEqualTo(spooled);
    }

    @Test
    void shouldBeginAFileEachDayAndSendTheOldestFirst() throws IOException {
        // Given
        List<SpoolEntry> spooled = entries(0, 3);
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
            append(store, spooled.subList(0, 1));
        }

        // When
        try (SpoolStore store = new SpoolStore(directory, Clock.offset(CLOCK, Duration.ofSeconds(5)))) {
            append(store, spooled.subList(1, 3));

            // Then
            assertThat(files(directory)).extracting(file -> file.getFileName().toString())
                    .containsExactly("undelivered-2026-11-21.avro", "undelivered-2026-11-22.avro");
            SpoolFile.Batch first = store.next();
            assertThat(first.entries()).isEqualTo(spooled.subList(0, 1));
            store.sent(first);
            assertThat(files(directory)).extracting(file -> file.getFileName().toString())
                    .containsExactly("undelivered-2026-11-22.avro");
            assertThat(store.next().entries()).isEqualTo(spooled.subList(1, 3));
        }
    }

    @Test
    void shouldRemoveAFileThatIsSentAndUseItsNameAgain() throws IOException {
        // Given
        List<SpoolEntry> spooled = entries(0, 4);
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {
            append(store, spooled.subList(0, 3));
            SpoolFile.Batch batch = store.next();
            store.begin(batch, TopicEnds.NONE);
            Path journal = directory.resolve("undelivered-2026-11-21.journal");
            byte[] ofTheFirst = Files.readAllBytes(journal);

            // When
            store.sent(batch);

            // Then
            assertThat(files(directory)).isEmpty();
            assertThat(journal).doesNotExist();
            assertThat(store.bytes()).isZero();
            assertThat(store.entries()).isZero();
            append(store, spooled.subList(3, 4));

            // And a journal that has outlived its file says nothing about the next one
            Files.write(journal, ofTheFirst);
        }
        assertThat(contents(directory)).isEqualTo(spooled.subList(3, 4));
    }

    @Test
    void shouldGiveTheSameBatchUntilItIsSentAlsoToTheNextProcess() throws IOException {
        // Given
        List<SpoolEntry> spooled = entries(0, 5);
        SpoolStore store = new SpoolStore(directory, CLOCK);
        append(store, spooled.subList(0, 2));
        SpoolFile.Batch batch = store.next();
        assertThat(batch.ends()).isNull();
        TopicEnds ends = new TopicEnds(Map.of(new TopicPartition(SpoolFixture.DEAD_LETTERS, 3), 17L),
                Map.of(SpoolFixture.DEAD_LETTERS, "an-id"));
        store.begin(batch, ends);
        append(store, spooled.subList(2, 5));

        // When
        store.close();
        try (SpoolStore next = new SpoolStore(directory, CLOCK)) {

            // Then
            SpoolFile.Batch again = next.next();
            assertThat(again.entries()).isEqualTo(spooled.subList(0, 2));
            assertThat(again.ends()).isEqualTo(ends);
            next.sent(again);
            assertThat(next.entries()).isEqualTo(3);
            assertThat(next.next().entries()).isEqualTo(spooled.subList(2, 5));
            assertThat(next.next().ends()).isNull();
        }
    }

    @Test
    void shouldBelongToOneProcessUntilItEndsHoweverItEnds() throws IOException {
        // Given
        AppProcess other = JavaPrograms.start(SpoolHolder.class, JavaPrograms.FRUGAL, Map.of(), directory.toString());
        other.awaitLine(SpoolHolder.HOLDS, PATIENCE);

        // When
        assertThatThrownBy(() -> new SpoolStore(directory, CLOCK)).isInstanceOf(SpoolStore.InUseException.class);
        other.kill();
        other.awaitExit(PATIENCE);

        // Then
        assertThat(contents(directory)).hasSize(1);
    }

    @Test
    void shouldBelongToOneApplicationOfAProcess() throws IOException {
        // Given
        try (SpoolStore store = new SpoolStore(directory, CLOCK)) {

            // Then
            assertThatThrownBy(() -> new SpoolStore(directory, CLOCK)).isInstanceOf(SpoolStore.InUseException.class);
            append(store, entries(0, 1));
        }
        assertThat(contents(directory)).hasSize(1);
    }

    @Test
    void shouldRefuseAFileItCannotReadInsteadOfLosingIt() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("undelivered-2026-11-20.avro"), "not Avro");

        // Then
        assertThatThrownBy(() -> new SpoolStore(directory, CLOCK)).isInstanceOf(IOException.class);
        assertThat(file).hasContent("not Avro");
    }
}
