package io.orderstream.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Everything the embedded registry knows, in the form it is kept in its JSON file, so that ids survive a restart of dev mode.
 *
 * @param schemas schema texts by id; ids start at 1 and are never reused
 * @param subjects versions by subject, oldest first, deleted ones included
 * @param levels compatibility level by subject; the empty name holds the global level
 */
record RegistryContent(SortedMap<Integer, String> schemas, SortedMap<String, List<Version>> subjects,
        Map<String, String> levels) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One version of a subject: its number from 1, the id of its schema, and whether it was deleted. */
    record Version(int number, int id, boolean deleted) {

        Version delete() {
            return new Version(number, id, true);
        }
    }

    /** @param path the file; null, or one that does not exist, holds nothing */
    static RegistryContent read(Path path) {
        if (path == null || !Files.exists(path)) {
            return new RegistryContent(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        }
        try {
            return JSON.readValue(path.toFile(), RegistryContent.class);
        } catch (IOException e) {
            throw new IllegalStateException("the embedded registry cannot read its file, delete it to begin anew: " + path, e);
        }
    }

    /** @param path the file, made with its directories if missing; null to keep nothing */
    void write(Path path) {
        if (path == null) {
            return;
        }
        Path absolute = path.toAbsolutePath();
        try {
            Files.createDirectories(absolute.getParent());
            // A kill in the middle of writing leaves the file as it was.
            Path next = absolute.resolveSibling(absolute.getFileName() + ".next");
            Files.write(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
            Files.move(next, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded registry cannot write its file " + absolute, e);
        }
    }
}
