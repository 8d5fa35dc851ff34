package io.orderstream.spool;

import static io.orderstream.spool.SpoolFixture.CLOCK;
import static io.orderstream.spool.SpoolFixture.contents;
import static io.orderstream.spool.SpoolFixture.entries;
import static io.orderstream.spool.SpoolFixture.files;
import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolWriterTest {

    private static final int ENTRIES = 500;

    @TempDir
    private Path directory;

    private SpoolStore store;
    private SpoolWriter writer;
    private int sentEntries;

    @BeforeEach
    void open() throws IOException {
        store = new SpoolStore(directory, CLOCK);
    }

    @AfterEach
    void close() {
        writer.close();
        store.close();
    }

    @Test
    void shouldHaveOnTheDiskWhatIsComplete() throws IOException {
        // Given
        writer = writer(1_000_000).start();
        SpoolEntry entry = entries(0, 1).get(0);

        // When
        writer.append(entry).toCompletableFuture().join();

        // Then
        store.close();
        assertThat(contents(directory)).containsExactly(entry);
        assertThat(writer.isFull()).isFalse();
    }

    @Test
    void shouldWriteTogetherWhatWaitsTogether() throws IOException {
        // Given
        writer = writer(1_000_000);
        List<SpoolEntry> entries = entries(0, ENTRIES);
        List<CompletionStage<Void>> appended = entries.stream().map(writer::append).toList();

        // When
        writer.start();
        appended.forEach(each -> each.toCompletableFuture().join());

        // Then
        assertThat(blocks()).isLessThan(ENTRIES / 50);
        writer.close();
        store.close();
        assertThat(contents(directory)).isEqualTo(entries);
    }

    @Test
    void shouldWaitInOrderWhileItIsFullAndGoOnWhenThereIsRoom() throws IOException {
        // Given
        long maxBytes = 1500;
        writer = writer(maxBytes).start();
        List<SpoolEntry> entries = entries(0, 10);

        // When
        List<CompletionStage<Void>> appended = entries.stream().map(writer::append).toList();
        await().atMost(PATIENCE).until(writer::isFull);
        int written = (int) store.entries();

        // Then
        assertThat(written).isBetween(1, 9);
        assertThat(store.bytes()).isLessThanOrEqualTo(maxBytes);
        assertThat(done(appended)).isEqualTo(written);

        // And when
        while (store.entries() > 0 || done(appended) < 10) {
            SpoolFile.Batch batch = store.next();
            assertThat(batch.entries()).isEqualTo(entries.subList(10 - left(appended), 10).subList(0, batch.entries().size()));
            sentEntries += batch.entries().size();
            store.sent(batch);
            writer.roomMade();
            await().atMost(PATIENCE).until(() -> store.entries() > 0 || done(appended) == 10);
        }

        // Then
        assertThat(sentEntries).isEqualTo(10);
        await().atMost(PATIENCE).until(() -> !writer.isFull());
    }

    private int left(List<CompletionStage<Void>> appended) {
        return appended.size() - sentEntries;
    }

    @Test
    void shouldTakeAnEntryThatIsLargerThanTheWholeSpool() {
        // Given
        writer = writer(10).start();

        // When
        writer.append(entries(0, 1).get(0)).toCompletableFuture().join();
        CompletableFuture<Void> second = writer.append(entries(1, 2).get(0)).toCompletableFuture();

        // Then
        await().atMost(PATIENCE).until(writer::isFull);
        assertThat(second).isNotDone();
    }

    @Test
    void shouldWriteWhatWaitsBeyondTheBoundWhenItIsClosed() throws IOException {
        // Given
        writer = writer(10).start();
        List<SpoolEntry> entries = entries(0, 10);
        List<CompletionStage<Void>> appended = entries.stream().map(writer::append).toList();
        await().atMost(PATIENCE).until(writer::isFull);

        // When
        writer.close();

        // Then
        assertThat(done(appended)).isEqualTo(10);
        store.close();
        assertThat(contents(directory)).isEqualTo(entries);
        assertThat(writer.append(entries.get(0)).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void shouldWaitUntilADiskThatRefusesTakesEntriesAgain() throws IOException {
        // Given
        writer = writer(1_000_000).start();
        Path inTheWay = Files.createDirectory(directory.resolve("undelivered-2026-11-21.avro.tmp"));

        // When
        CompletableFuture<Void> appended = writer.append(entries(0, 1).get(0)).toCompletableFuture();

        // Then
        await().atMost(PATIENCE).until(writer::isFull);
        assertThat(appended).isNotDone();

        // And when
        Files.delete(inTheWay);

        // Then
        appended.join();
        assertThat(writer.isFull()).isFalse();
        writer.close();
        store.close();
        assertThat(contents(directory)).hasSize(1);
    }

    private SpoolWriter writer(long maxBytes) {
        return new SpoolWriter(store, maxBytes, () -> {
        });
    }

    private static long done(List<CompletionStage<Void>> appended) {
        return appended.stream().filter(each -> each.toCompletableFuture().isDone()).count();
    }

    private int blocks() throws IOException {
        Path file = files(directory).get(0);
        int count = 0;
        try (SpoolBlocks blocks = new SpoolBlocks(file)) {
            long size = Files.size(file);
            for (long at = blocks.headerEnd(); at < size; at = blocks.read(at, size).end()) {
                count++;
            }
        }
        return count;
    }
}
