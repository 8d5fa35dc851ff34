package io.orderstream.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Locks a directory for one process. The operating system releases the lock when the process ends for any reason. */
final class SpoolLock implements AutoCloseable {

    private static final String NAME = "spool.lock";

    private final FileChannel channel;

    private SpoolLock(FileChannel channel) {
        this.channel = channel;
    }

    static SpoolLock acquire(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another application in this JVM.
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new SpoolInUseException(directory + " is in use");
        }
        return new SpoolLock(channel);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
