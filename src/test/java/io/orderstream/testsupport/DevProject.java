package io.orderstream.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A copy of this project that is developed: started in dev mode, and edited meanwhile. */
public final class DevProject {

    private static final List<String> COPIED = List.of("pom.xml", "mvnw", ".mvn", "src/main");

    private final Path directory;

    /** @param directory where the copy is made; what was there is deleted */
    public DevProject(Path directory) {
        this.directory = directory.toAbsolutePath();
        try {
            delete(this.directory);
            for (String path : COPIED) {
                copy(Path.of(path), this.directory.resolve(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    /**
     * Starts {@code quarkus:dev}, with the JDK, the Maven and the local repository of the build that runs the test, so that
     * nothing is fetched again.
     *
     * @param settings environment variables
     */
    public AppProcess start(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("JAVA_HOME", Jdks.own().toString());
        List<String> command = new ArrayList<>(List.of(maven(), "-B"));
        String repository = System.getProperty("maven.repo.local");
        if (repository != null) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        command.addAll(List.of("quarkus:dev", "-Ddebug=false", "-Dquarkus.console.enabled=false"));
        return AppProcess.start(command, directory, environment);
    }

    private static String maven() {
        Path installed = Path.of(System.getProperty("maven.home", ""), "bin", "mvn");
        return Files.isExecutable(installed) ? installed.toString() : "./mvnw";
    }

    /** Replaces text in a file, which must contain it. */
    public void edit(String file, String before, String after) {
        Path path = directory.resolve(file);
        try {
            String text = Files.readString(path);
            assertThat(text).contains(before);
            Files.writeString(path, text.replace(before, after));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
