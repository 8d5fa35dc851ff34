package io.orderstream.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts Java programs, each in a JVM of its own. */
public final class JavaPrograms {

    /** Options for a JVM that starts quickly and leaves room for others: it lives for a minute. */
    public static final List<String> FRUGAL = List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final Path APPLICATION = Path.of("target", "quarkus-app", "quarkus-run.jar");

    private JavaPrograms() {
    }

    /**
     * Starts a class that is on the class path of the tests.
     *
     * @param options options of its JVM
     * @param environment added to that of this JVM
     */
    public static AppProcess start(Class<?> main, List<String> options, Map<String, String> environment, String... arguments) {
        return start(System.getProperty("java.class.path"), main.getName(), options, environment, arguments);
    }

    /** The same with a class of another class path. */
    public static AppProcess start(String classPath, String main, List<String> options, Map<String, String> environment,
            String... arguments) {
        List<String> command = command(Jdks.own(), options, "-cp", classPath, main);
        command.addAll(List.of(arguments));
        return AppProcess.start(command, Path.of("").toAbsolutePath(), environment);
    }

    /**
     * Starts a jar, where it lies.
     *
     * @param jar its absolute path
     * @param options options of its JVM
     * @param environment added to that of this JVM
     */
    public static AppProcess start(Path jar, List<String> options, Map<String, String> environment) {
        return start(Jdks.own(), jar, options, environment);
    }

    private static AppProcess start(Path jdk, Path jar, List<String> options, Map<String, String> environment) {
        return AppProcess.start(command(jdk, options, "-jar", jar.toString()), jar.getParent(), environment);
    }

    /**
     * Starts the packaged application, on free ports where the settings name none, and with a log for people, which is what
     * tests read.
     *
     * @param jdk home of the JDK to run it with
     * @param options options of the JVM
     * @param settings environment variables
     */
    public static AppProcess packaged(Path jdk, List<String> options, Map<String, String> settings) {
        if (!Files.exists(APPLICATION)) {
            throw new IllegalStateException(APPLICATION + " is missing: run ./mvnw verify");
        }
        Map<String, String> environment = new HashMap<>(Map.of("HTTP_PORT", "0", "METRICS_PORT", "0", "LOG_FORMAT", "plain"));
        environment.putAll(settings);
        return start(jdk, APPLICATION.toAbsolutePath(), options, environment);
    }

    private static List<String> command(Path jdk, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString()));
        command.addAll(options);
        command.addAll(List.of(arguments));
        return command;
    }
}
