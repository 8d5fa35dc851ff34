package io.orderstream.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.orderstream.kafka.TopicEnds;

/**
 * The files of the spool, one per day (UTC), oldest first. It locks its directory for one process. Thread safe: one
 * thread appends while another sends.
 */
final class SpoolStore implements AutoCloseable {

    private static final String PREFIX = "undelivered-";
    private static final String LOCK = "spool.lock";
    private static final int MOST_ENTRIES_OF_A_BATCH = 500;

    private final Path directory;
    private final Clock clock;
    private final FileChannel lock;
    private final TreeMap<String, SpoolFile> files = new TreeMap<>();
    private volatile long entries;
    private volatile long bytes;

    /** Thrown if another process uses the spool's directory. */
    static final class InUseException extends IOException {

        private static final long serialVersionUID = 1L;

        InUseException(String message) {
            super(message);
        }
    }

    /**
     * Opens a directory, creating it if it is missing.
     *
     * @param clock determines the current day
     * @throws InUseException if another process uses the directory
     * @throws IOException if the directory cannot be created, read or written
     */
    SpoolStore(Path directory, Clock clock) throws IOException {
        this.directory = directory;
        this.clock = clock;
        Files.createDirectories(directory);
        this.lock = lock(directory);
        try {
            openFiles();
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Locks for one process. The operating system releases the lock when the process ends for any reason. */
    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another application in this JVM.
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new InUseException(directory + " is in use");
        }
        return channel;
    }

    /** Whether a directory has spool files of an earlier run. */
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

    /** Number of entries not sent yet. */
    long entries() {
        return entries;
    }

    /** Size in bytes of all entries still on disk. */
    long bytes() {
        return bytes;
    }

    /**
     * Appends entries to today's file and blocks until they are on disk; if it fails, none counts as appended.
     *
     * @param encoded entries in Avro's binary encoding
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

    /** Returns the next batch, null if there is none; the same one until it is passed to {@link #sent}. */
    synchronized SpoolFile.Batch next() throws IOException {
        for (SpoolFile file : files.values()) {
            SpoolFile.Batch batch = file.next(MOST_ENTRIES_OF_A_BATCH);
            if (batch != null) {
                return batch;
            }
        }
        return null;
    }

    /** Records durably that the batch may be in its topics from now on, and their end offsets before. */
    synchronized void begin(SpoolFile.Batch batch, TopicEnds ends) throws IOException {
        batch.file().begin(batch, ends);
    }

    /** Records durably that the broker has confirmed the batch; a file sent completely is deleted. */
    synchronized void sent(SpoolFile.Batch batch) throws IOException {
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

    /** Releases the directory; its files are kept. */
    @Override
    public synchronized void close() {
        files.values().forEach(SpoolFile::close);
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
