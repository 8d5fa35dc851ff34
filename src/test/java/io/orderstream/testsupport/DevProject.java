package io.orderstream.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A copy of this project, or a project that shares its build: started in dev mode and edited meanwhile, or packaged. */
public final class DevProject {

    private static final List<String> BUILD = List.of("pom.xml", "mvnw", ".mvn");
    private static final Path APPLICATION = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Pattern TYPE = Pattern
            .compile("(?s)package ([\\w.]+);.*?\\n(?:public )?(?:final )?(?:class|interface|record|enum) (\\w+)");
    private static final Duration PACKAGING = Duration.ofMinutes(5);

    private final Path directory;

    /** @param directory where the copy is made; what was there is deleted */
    public DevProject(Path directory) {
        this(directory, Map.of("src/main", "src/main"));
    }

    /**
     * @param directory where the project is made; what was there is deleted
     * @param sources which of our files and directories are copied besides the build, and where to; a pom among them takes the
     *        place of ours
     */
    public DevProject(Path directory, Map<String, String> sources) {
        this.directory = directory.toAbsolutePath();
        try {
            delete(this.directory);
            for (String path : BUILD) {
                copy(Path.of(path), this.directory.resolve(path));
            }
            for (Map.Entry<String, String> source : sources.entrySet()) {
                copy(Path.of(source.getKey()), this.directory.resolve(source.getValue()));
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
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /**
     * Starts {@code quarkus:dev}.
     *
     * @param settings environment variables
     */
    public AppProcess start(Map<String, String> settings) {
        return maven(settings, "quarkus:dev", "-Ddebug=false", "-Dquarkus.console.enabled=false");
    }

    /** Builds the application without its tests, and gives the file to run with {@code java -jar}. */
    public Path packaged() {
        // How sources are formatted that are not ours is nobody's business, also where CI checks it.
        build("-o", "package", "-DskipTests", "-Dformatter.skip", "-Dimpsort.skip");
        return directory.resolve(APPLICATION);
    }

    /** Compiles a project that has a pom of its own, whose dependencies may have to be fetched, and gives its directory. */
    public Path compiled() {
        build("process-classes");
        return directory;
    }

    private void build(String... arguments) {
        try (AppProcess build = maven(Map.of(), arguments)) {
            assertThat(build.awaitExit(PACKAGING)).as(() -> String.join("\n", build.lines())).isZero();
        }
    }

    /**
     * Runs with the JDK, the Maven and the local repository of the build that runs the test, so that nothing is fetched again.
     */
    private AppProcess maven(Map<String, String> settings, String... arguments) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("JAVA_HOME", Jdks.own().toString());
        List<String> command = new ArrayList<>(List.of(maven(), "-B"));
        String repository = System.getProperty("maven.repo.local");
        if (repository != null) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        command.addAll(List.of(arguments));
        return AppProcess.start(command, directory, environment);
    }

    private static String maven() {
        Path installed = Path.of(System.getProperty("maven.home", ""), "bin", "mvn");
        return Files.isExecutable(installed) ? installed.toString() : "./mvnw";
    }

    /** Puts a class where its package and its name say. */
    public void addClass(String source) {
        Matcher name = TYPE.matcher(source);
        assertThat(name.find()).as(source).isTrue();
        append("src/main/java/" + name.group(1).replace('.', '/') + "/" + name.group(2) + ".java", source);
    }

    /** Adds text at the end of a file, which need not be there yet. */
    public void append(String file, String text) {
        Path path = directory.resolve(file);
        try {
            Files.createDirectories(path.getParent());
            Files.writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
