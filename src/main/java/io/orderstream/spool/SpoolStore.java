package io.orderstream.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.apache.kafka.common.TopicPartition;

/**
 * The files of the spool, one for each day in UTC, oldest first. One process at a time: it holds a lock on the
 * directory. Thread safe; one thread appends while another sends.
 */
final class SpoolStore implements AutoCloseable {

    private static final String PREFIX = "undelivered-";
    private static final int MOST_ENTRIES_OF_A_BATCH = 500;

    private final Path directory;
    private final Clock clock;
    private final SpoolLock lock;
    private final TreeMap<String, SpoolFile> files = new TreeMap<>();
    private volatile long entries;
    private volatile long bytes;

    /**
     * Opens a directory, which is made if it is missing.
     *
     * @param clock tells the day
     * @throws SpoolInUseException if another process has it
     * @throws IOException if it cannot be made, read or written
     */
    SpoolStore(Path directory, Clock clock) throws IOException {
        this.directory = directory;
        this.clock = clock;
        Files.createDirectories(directory);
        this.lock = SpoolLock.acquire(directory);
        try {
            openFiles();
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Whether a directory has entries of an earlier run. */
    static boolean hasFiles(Path directory) throws IOException {
        return !names(directory).isEmpty();
    }

    private static List<String> names(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX) && name.endsWith(SpoolFile.SUFFIX)).toList();
        }
    }

    private void openFiles() throws IOException {
        for (String name : names(directory)) {
            SpoolFile file = SpoolFile.open(directory.resolve(name));
            if (file.isDone()) {
                file.delete();
            } else {
                files.put(name, file);
            }
        }
        count();
    }

    /** Entries that are not sent yet. */
    long entries() {
        return entries;
    }

    /** Bytes of the entries that are still on the disk. */
    long bytes() {
        return bytes;
    }

    /**
     * Appends entries to the file of today. When it returns they are on the disk; when it fails none of them counts.
     *
     * @param encoded each in Avro's binary encoding
     */
    synchronized void append(List<byte[]> encoded) throws IOException {
        String today = PREFIX + LocalDate.now(clock.withZone(ZoneOffset.UTC)) + SpoolFile.SUFFIX;
        SpoolFile file = files.get(today);
        if (file == null) {
            files.values().forEach(SpoolFile::close);
            file = SpoolFile.create(directory.resolve(today));
            files.put(today, file);
        }
        file.append(encoded);
        count();
    }

    /** The batch to be sent next, or null if there is none. The same one until it is {@link #sent}. */
    synchronized SpoolBatch next() throws IOException {
        for (SpoolFile file : files.values()) {
            SpoolBatch batch = file.next(MOST_ENTRIES_OF_A_BATCH);
            if (batch != null) {
                return batch;
            }
        }
        return null;
    }

    /** Notes durably that a batch may be on its way from here on, and where its topics ended before. */
    synchronized void begin(SpoolBatch batch, Map<TopicPartition, Long> ends) throws IOException {
        batch.file().begin(batch, ends);
    }

    /** Notes durably that every entry of a batch is confirmed by the broker. A file that has been sent is removed. */
    synchronized void sent(SpoolBatch batch) throws IOException {
        SpoolFile file = batch.file();
        file.sent(batch);
        if (file.isDone()) {
            files.values().remove(file);
            file.delete();
        }
        count();
    }

    private void count() {
        entries = files.values().stream().mapToLong(SpoolFile::waiting).sum();
        bytes = files.values().stream().mapToLong(SpoolFile::bytes).sum();
    }

    /** Lets another process have the directory. What is in it stays. */
    @Override
    public synchronized void close() {
        files.values().forEach(SpoolFile::close);
        lock.close();
    }
}
