package io.orderstream.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Stores the content of the embedded registry in a JSON file, so that schema ids survive a restart of dev mode. */
final class RegistryFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;

    /** @param path the file, created with its directories on the first write; null to store nothing */
    RegistryFile(Path path) {
        this.path = path;
    }

    RegistryContent read() {
        if (path == null || !Files.exists(path)) {
            return RegistryContent.empty();
        }
        try {
            return JSON.readValue(path.toFile(), RegistryContent.class);
        } catch (IOException e) {
            throw new IllegalStateException("the embedded registry cannot read its file, delete it to begin anew: " + path, e);
        }
    }

    void write(RegistryContent content) {
        if (path == null) {
            return;
        }
        Path absolute = path.toAbsolutePath();
        try {
            Files.createDirectories(absolute.getParent());
            // Atomic: a kill while writing leaves the previous file.
            Path next = absolute.resolveSibling(absolute.getFileName() + ".next");
            Files.write(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
            Files.move(next, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded registry cannot write its file " + absolute, e);
        }
    }
}
