package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What users, operators and other programs rely on, as it was recorded: files of sorted lines, each a fact. */
public final class Contract {

    private static final Path RECORDED = Path.of("src", "test", "resources", "contract");
    private static final String UPDATE = "contract.update";

    private Contract() {
    }

    /**
     * Compares what there is with what was recorded. With {@code -Dcontract.update=true} it writes the file instead, but not
     * where {@code CI} is set.
     *
     * @param file name of the file
     * @param lines what there is, in any order
     */
    public static void hold(String file, Collection<String> lines) {
        SortedSet<String> now = new TreeSet<>();
        lines.forEach(line -> now.add(line.replace("\n", "\\n").strip()));
        if (now.isEmpty()) {
            throw new AssertionError("nothing found to compare with " + file);
        }
        Path path = RECORDED.resolve(file);
        try {
            if (Boolean.getBoolean(UPDATE)) {
                record(path, now);
            }
            compare(path, now);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void record(Path path, Collection<String> lines) throws IOException {
        if (System.getenv("CI") != null) {
            throw new AssertionError("with CI set, nothing is recorded: run without -D" + UPDATE);
        }
        Files.createDirectories(RECORDED);
        Files.write(path, lines);
    }

    private static void compare(Path path, SortedSet<String> now) throws IOException {
        List<String> recorded = Files.exists(path) ? Files.readAllLines(path) : List.of();
        SortedSet<String> missing = new TreeSet<>(recorded);
        missing.removeAll(now);
        SortedSet<String> added = new TreeSet<>(now);
        recorded.forEach(added::remove);
        if (missing.isEmpty() && added.isEmpty()) {
            return;
        }
        StringBuilder diff = new StringBuilder("What others rely on is not as recorded in ").append(path)
                .append(": a line with - is missing, one with + is new.\n");
        missing.forEach(line -> diff.append("- ").append(line).append('\n'));
        added.forEach(line -> diff.append("+ ").append(line).append('\n'));
        throw new AssertionError(
                diff.append("A change of these is a change for users and belongs in CHANGELOG.md. If it is meant, ")
                        .append("record it: ./mvnw test -Dtest='*ContractTest' -D").append(UPDATE).append("=true").toString());
    }
}
