package io.orderstream.deploy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.orderstream.testsupport.AppProcess;

/** A program that checks files of its own kind, if it is installed. */
final class Tool {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> command;

    private Tool(List<String> command) {
        this.command = command;
    }

    /**
     * Skips the test where the program is missing, as {@link Requirement} has it.
     *
     * @param name what it is called
     * @param source how one gets it, for the message
     */
    static Tool installed(String name, String source) {
        return installed(name, source, System.getenv());
    }

    static Tool installed(String name, String source, Map<String, String> environment) {
        Requirement.isMet(find(name, environment).isPresent(), name + " is not installed, this is not checked: " + source,
                environment);
        return new Tool(List.of(name));
    }

    /** Docker's compose: the plugin or the program of its own, whichever is there. Neither needs an engine to read a file. */
    static Tool compose() {
        return compose(System.getenv());
    }

    static Tool compose(Map<String, String> environment) {
        List<String> plugin = List.of("docker", "compose");
        if (find("docker", environment).isPresent() && new Tool(plugin).run("version") == 0) {
            return new Tool(plugin);
        }
        return installed("docker-compose", "apt-get install docker-compose, or Docker's plugin", environment);
    }

    /** The program in the search path. */
    static Optional<Path> find(String name, Map<String, String> environment) {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name)).filter(Files::isRegularFile).filter(Files::isExecutable)
                .findFirst();
    }

    private int run(String argument) {
        try (AppProcess process = start(argument)) {
            return process.awaitExit(PATIENCE);
        }
    }

    private AppProcess start(String... arguments) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(arguments));
        return AppProcess.start(words, Path.of("").toAbsolutePath(), Map.of());
    }

    /** Runs it in the directory of the project, and gives what it has printed. Fails if it is not content. */
    List<String> check(String... arguments) {
        try (AppProcess process = start(arguments)) {
            if (process.awaitExit(PATIENCE) != 0) {
                throw new AssertionError(String.join(" ", command) + " " + String.join(" ", arguments) + " is not content"
                        + process.lastLines());
            }
            return process.lines();
        }
    }
}
