package io.orderstream.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** File operations whose result survives a power failure, by fsync of file and directory. */
final class Durable {

    private static final boolean DIRECTORIES_CAN_BE_OPENED = !System.getProperty("os.name").startsWith("Windows");

    private Durable() {
    }

    /** Writes a text file atomically: a reader finds the old text or the new one, never a part. */
    static void replace(Path file, String text) throws IOException {
        Path next = temporary(file);
        Files.writeString(next, text);
        force(next);
        rename(next, file);
    }

    /** The path under which a file is written before it is renamed. */
    static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(to.toAbsolutePath().getParent());
    }

    static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        forceDirectory(file.toAbsolutePath().getParent());
    }

    static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.force(true);
        }
    }

    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void forceDirectory(Path directory) throws IOException {
        if (DIRECTORIES_CAN_BE_OPENED) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
