package io.orderstream.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;

/** Entries and directories for the tests of the spool. */
final class SpoolFixture {

    static final String TOPIC = "orders";
    static final String DEAD_LETTERS = "orders-dlq";
    static final Instant NOW = Instant.parse("2026-11-21T23:59:58Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private SpoolFixture() {
    }

    static Undelivered undelivered(int number) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(TOPIC, null, NOW.toEpochMilli() - 1500,
                text("key-" + number), text("value-" + number));
        return new Undelivered(record, DEAD_LETTERS, "a-producer", 3, new TimeoutException("the broker is away"));
    }

    static List<SpoolEntry> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> SpoolEntries.of(undelivered(number), NOW)).toList();
    }

    static void append(SpoolStore store, List<SpoolEntry> entries) throws IOException {
        store.append(entries.stream().map(SpoolEntries::encode).toList());
    }

    /** Everything that is not sent, as a process that starts now finds it. The directory must not be in use. */
    static List<SpoolEntry> contents(Path directory) throws IOException {
        List<SpoolEntry> found = new ArrayList<>();
        new SpoolStore(directory, CLOCK).close();
        for (Path path : files(directory)) {
            SpoolFile.Batch batch = SpoolFile.open(path).next(Integer.MAX_VALUE);
            found.addAll(batch == null ? List.of() : batch.entries());
        }
        return found;
    }

    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".avro")).sorted().toList();
        }
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
