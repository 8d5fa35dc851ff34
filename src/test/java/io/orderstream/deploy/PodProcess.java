package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;

import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.Jdks;

/** The packaged application as a pod would run it, as far as a process can: its memory, its environment, its probes. */
final class PodProcess implements AutoCloseable {

    private static final Path APPLICATION = Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final String LISTENING = "Listening on: http://[^:]+:(\\d+)\\..* listening on http://[^:]+:(\\d+)";

    private final Workload workload;
    private final AppProcess process;
    private final Map<String, String> ports;

    /**
     * Starts it.
     *
     * @param environment what {@link Environment} has, translated; ports are chosen freely
     * @param directory where it works, in which it must not need to write
     */
    PodProcess(Workload workload, Map<String, String> environment, Path directory) {
        this.workload = workload;
        Map<String, String> all = new HashMap<>(Map.of("HTTP_PORT", "0", "METRICS_PORT", "0"));
        all.putAll(environment);
        // The JVM takes the memory limit for that of the machine; TieredStopAtLevel is for tests, which live for a minute.
        this.process = AppProcess.start(List.of(Jdks.own().resolve("bin/java").toString(),
                "-XX:MaxRAM=" + workload.megabytes() + "m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar",
                APPLICATION.toString()), directory, all);
        try {
            MatchResult listening = process.awaitLine(LISTENING, PATIENCE);
            this.ports = Map.of("http", listening.group(1), "management", listening.group(2));
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    /** Where its REST API is. */
    String url() {
        return "http://localhost:" + ports.get("http");
    }

    /** Where its probes and metrics are. */
    String managementUrl() {
        return "http://localhost:" + ports.get("management");
    }

    AppProcess process() {
        return process;
    }

    boolean hasStarted() {
        return succeeds(workload.container().getStartupProbe());
    }

    boolean isReady() {
        return succeeds(workload.container().getReadinessProbe());
    }

    boolean isLive() {
        return succeeds(workload.container().getLivenessProbe());
    }

    /** As the kubelet asks: the port by its name, and any status below 400 will do. */
    private boolean succeeds(Probe probe) {
        HTTPGetAction get = probe.getHttpGet();
        assertThat(ports).containsKey(get.getPort().getStrVal());
        URI uri = URI.create(get.getScheme().toLowerCase() + "://localhost:" + ports.get(get.getPort().getStrVal())
                + get.getPath());
        try {
            return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri)
                    .timeout(Duration.ofSeconds(probe.getTimeoutSeconds())).build(), BodyHandlers.discarding())
                    .statusCode() < 400;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks it to end, and waits as long as the kubelet would, which has waited for preStop before. */
    Duration stop() {
        Duration left = Duration.ofSeconds(workload.pod().getTerminationGracePeriodSeconds()
                - workload.container().getLifecycle().getPreStop().getSleep().getSeconds());
        long begin = System.nanoTime();
        process.terminate();
        assertThat(process.awaitExit(left)).isEqualTo(143);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** The most memory it has had, in MiB; 0 where the system does not tell. */
    long megabytes() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.handle().pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:")).mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) / 1024)
                    .findFirst().orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
