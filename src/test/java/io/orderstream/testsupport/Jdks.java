package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** The JDKs of this machine: that of this JVM, those of JAVA21_HOME and the like, and those beside that of this JVM. */
public final class Jdks {

    private Jdks() {
    }

    /** Home of the JDK this JVM runs on. */
    public static Path own() {
        return Path.of(System.getProperty("java.home"));
    }

    /** Home of the first JDK whose release, such as 21, is wanted. */
    public static Optional<Path> find(IntPredicate wanted) {
        List<Path> candidates = new ArrayList<>(List.of(own()));
        System.getenv().entrySet().stream().filter(entry -> entry.getKey().matches("(JAVA|JDK)_?\\d*_HOME.*"))
                .map(entry -> Path.of(entry.getValue())).forEach(candidates::add);
        try (Stream<Path> siblings = Files.list(own().toRealPath().getParent())) {
            siblings.sorted().forEach(candidates::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return candidates.stream().filter(home -> wanted.test(release(home))).findFirst();
    }

    private static int release(Path home) {
        Path file = home.resolve("release");
        if (!Files.exists(file) || !Files.isExecutable(home.resolve("bin/java"))) {
            return 0;
        }
        Properties release = new Properties();
        try (var in = Files.newInputStream(file)) {
            release.load(in);
        } catch (IOException e) {
            return 0;
        }
        String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
        return version.matches("\\d+.*") ? Integer.parseInt(version.split("\\D")[0]) : 0;
    }
}
