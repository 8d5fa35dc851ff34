package io.orderstream.schema;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.Ports;

/** Apicurio Registry as a process of its own; the build unpacks it into target/apicurio. */
final class RealRegistry {

    private static final Path HOME = Path.of("target", "apicurio");
    private static final int JAVA_NEEDED = 21;

    private final int port;
    private final Path log;
    private final Process process;

    /** @param java home of a JDK, see {@link #java()} */
    RealRegistry(Path java, Path log) throws IOException {
        this.port = Ports.free();
        this.log = log;
        this.process = new ProcessBuilder(java.resolve("bin/java").toString(), "-Xmx512m",
                "-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1", "-Dquarkus.management.port=" + Ports.free(),
                "-Dapicurio.rules.global.compatibility=BACKWARD",
                "-jar", HOME.resolve("quarkus-run.jar").toAbsolutePath().toString())
                .directory(log.getParent().toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    static boolean isUnpacked() {
        return Files.exists(HOME.resolve("quarkus-run.jar"));
    }

    /** Home of a JDK the registry runs on. */
    static Optional<Path> java() {
        return Jdks.find(release -> release >= JAVA_NEEDED);
    }

    String url() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    /** Whether it answers; throws if its process has ended. */
    boolean isUp() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("the registry ended with " + process.exitValue() + ", see " + log);
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/subjects")).timeout(Duration.ofSeconds(5)).build();
        try {
            return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
