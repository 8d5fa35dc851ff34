package io.orderstream.guarantee;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks an instance for its health all the time, as Kubernetes does, on a thread of its own. */
final class HealthWatch implements AutoCloseable {

    private static final int PERIOD_MILLIS = 250;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int NO_ANSWER = 0;

    /**
     * What the probes answered at one time.
     *
     * @param nanos when they were asked, by {@link System#nanoTime()}
     * @param live status of the liveness probe, 0 if there was no answer
     * @param ready status of the readiness probe, 0 if there was no answer
     */
    record Sample(long nanos, int live, int ready) {

        boolean isReady() {
            return ready == 200;
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Sample> samples = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    /** @param managementUrl where the probes are */
    HealthWatch(String managementUrl) {
        thread.scheduleWithFixedDelay(() -> samples.add(new Sample(System.nanoTime(), status(managementUrl + "/q/health/live"),
                status(managementUrl + "/q/health/ready"))), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private int status(String url) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return NO_ANSWER;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NO_ANSWER;
        }
    }

    /** What was answered up to now, oldest first. */
    List<Sample> samples() {
        return List.copyOf(samples);
    }

    boolean isReady() {
        return !samples.isEmpty() && samples.get(samples.size() - 1).isReady();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
