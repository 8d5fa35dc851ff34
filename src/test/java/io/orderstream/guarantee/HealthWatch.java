package io.orderstream.guarantee;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.vertx.core.json.JsonObject;

/** Asks an instance for its health all the time, as Kubernetes does, on a thread of its own. */
final class HealthWatch implements AutoCloseable {

    private static final int PERIOD_MILLIS = 250;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int UP = 200;
    private static final int NO_ANSWER = 0;

    /**
     * What the probes answered at one time.
     *
     * @param nanos when they were asked, by {@link System#nanoTime()}
     * @param live status of the liveness probe, 0 if there was no answer
     * @param ready status of the readiness probe, 0 if there was no answer
     * @param down names of the checks that made it not ready
     */
    record Sample(long nanos, int live, int ready, List<String> down) {

        boolean isLive() {
            return live == UP;
        }

        boolean isReady() {
            return ready == UP;
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Sample> samples = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    /** @param managementUrl where the probes are */
    HealthWatch(String managementUrl) {
        thread.scheduleWithFixedDelay(() -> samples.add(sample(managementUrl + "/q/health/")), 0, PERIOD_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private Sample sample(String url) {
        long asked = System.nanoTime();
        int live = ask(url + "live").map(HttpResponse::statusCode).orElse(NO_ANSWER);
        Optional<HttpResponse<String>> ready = ask(url + "ready");
        return new Sample(asked, live, ready.map(HttpResponse::statusCode).orElse(NO_ANSWER),
                ready.filter(answer -> answer.statusCode() != UP).map(answer -> down(answer.body())).orElse(List.of()));
    }

    private Optional<HttpResponse<String>> ask(String url) {
        try {
            return Optional.of(http.send(HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build(),
                    BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static List<String> down(String health) {
        try {
            return new JsonObject(health).getJsonArray("checks").stream().map(JsonObject.class::cast)
                    .filter(check -> check.getString("status").equals("DOWN")).map(check -> check.getString("name")).toList();
        } catch (RuntimeException e) {
            // An exception here would end the watch, and nobody would notice. What is no answer of health names no check.
            return List.of(health);
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
