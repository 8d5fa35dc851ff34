package io.orderstream.deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that renders or checks files of its own kind. Where it is missing, the test that asks for it is skipped; with
 * CI=true, where nobody reads what was skipped, the test fails.
 */
final class Tool {

    private final List<String> command;

    private Tool(List<String> command) {
        this.command = command;
    }

    /** What a call has printed, for programs and for people. */
    private record Result(int exitCode, String output, String errors) {
    }

    static Tool kubectl() {
        return installed("kubectl", "put 1.27 or later on the path");
    }

    static Tool promtool() {
        return installed("promtool", "apt-get install prometheus");
    }

    /** Docker's compose: the plugin or the program of its own, whichever is there. Neither needs an engine to read a file. */
    static Tool compose() {
        Tool plugin = new Tool(List.of("docker", "compose"));
        return isThere("docker") && plugin.run("version").exitCode() == 0 ? plugin
                : installed("docker-compose", "apt-get install docker-compose, or Docker's plugin");
    }

    private static Tool installed(String name, String source) {
        String message = name + " is missing, so that this is not checked: " + source;
        if (!isThere(name) && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(message + " (nothing is skipped with CI=true)");
        }
        assumeTrue(isThere(name), message);
        return new Tool(List.of(name));
    }

    private static boolean isThere(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(directory -> Stream.of(Path.of(directory, name), Path.of(directory, name + ".exe")))
                .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
    }

    private Result run(String... arguments) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(arguments));
        try {
            Path errors = Files.createTempFile("tool", ".txt");
            ProcessBuilder builder = new ProcessBuilder(words).redirectError(errors.toFile());
            // What a machine is set up for must not matter: no cluster, no credentials.
            builder.environment().put("KUBECONFIG", File.separatorChar == '/' ? "/dev/null" : "NUL");
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Result result = new Result(process.onExit().join().exitValue(), output, Files.readString(errors));
            Files.delete(errors);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it in the directory of the project, and gives what programs are to read. Fails if it is not content. */
    String check(String... arguments) {
        Result result = run(arguments);
        if (result.exitCode() != 0) {
            throw new AssertionError(command + " is not content with " + List.of(arguments) + ":\n" + result.output()
                    + result.errors());
        }
        return result.output();
    }
}
