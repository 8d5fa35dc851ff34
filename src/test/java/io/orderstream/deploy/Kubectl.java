package io.orderstream.deploy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The program kubectl, which is needed to render an overlay and to read manifests as a user does. */
final class Kubectl {

    private static final String MISSING = "kubectl is missing, so the manifests are not checked: put it on the path, "
            + "1.27 or later";

    private Kubectl() {
    }

    /**
     * What a call has printed.
     *
     * @param exitCode 0 if it went well
     * @param output to be used by programs
     * @param errors for people
     */
    record Result(int exitCode, String output, String errors) {
    }

    /** Calls it; skips the test that asks if it is not there, as {@link Requirement} has it. */
    static Result call(String... arguments) {
        List<String> command = new ArrayList<>(List.of(find(System.getenv()).toString()));
        command.addAll(List.of(arguments));
        try {
            Path errors = Files.createTempFile("kubectl", ".txt");
            // What a machine is set up for must not matter: no cluster, no credentials.
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().put("KUBECONFIG", File.separatorChar == '/' ? "/dev/null" : "NUL");
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Result result = new Result(process.waitFor(), output, Files.readString(errors));
            Files.delete(errors);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static Path find(Map<String, String> environment) {
        Optional<Path> kubectl = Stream.of("kubectl", "kubectl.exe").flatMap(name -> Tool.find(name, environment).stream())
                .findFirst();
        Requirement.isMet(kubectl.isPresent(), MISSING, environment);
        return kubectl.get();
    }
}
