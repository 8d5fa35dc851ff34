package io.orderstream.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import org.apache.kafka.common.utils.Utils;

/** File operations whose result survives a power failure, by fsync of file and directory. */
final class Durable {

    private Durable() {
    }

    /** Writes a text file atomically: a reader finds the old text or the new one, never a part. */
    static void replace(Path file, String text) throws IOException {
        Path next = temporary(file);
        Files.writeString(next, text);
        rename(next, file);
    }

    /** The path under which a file is written before it is renamed. */
    static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    /** Gives a file that is written its final name; its content is on disk before. */
    static void rename(Path from, Path to) throws IOException {
        try (FileChannel channel = FileChannel.open(from, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Utils.flushDir(to.toAbsolutePath().getParent());
    }

    static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        Utils.flushDir(file.toAbsolutePath().getParent());
    }

    static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.force(true);
        }
    }
}
