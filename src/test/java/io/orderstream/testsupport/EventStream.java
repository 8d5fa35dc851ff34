package io.orderstream.testsupport;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Listens to a stream of events as a dashboard does, until it is closed. */
public final class EventStream implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final Lines lines = new Lines();
    private final CompletableFuture<HttpResponse<Void>> answer;

    /** An event: its type, what it says, and when it came. */
    public record Event(String name, JsonNode data, long atNanos) {
    }

    /** Listens to {@code /api/stream}. @param url where the application listens */
    public EventStream(String url) {
        this(url, "/api/stream");
    }

    /**
     * @param url where the application listens
     * @param path of the stream
     */
    public EventStream(String url, String path) {
        this.answer = HttpClient.newHttpClient().sendAsync(
                HttpRequest.newBuilder(URI.create(url.replaceAll("/$", "") + path)).build(),
                BodyHandlers.fromLineSubscriber(lines));
    }

    /** The events of a type up to now, in their order. */
    public List<Event> events(String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    /** All events up to now. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /** Whether the stream is over, be it ended or torn: a dashboard connects again either way. */
    public boolean isOver() {
        return answer.isDone();
    }

    /** Goes away without a word. */
    @Override
    public void close() {
        lines.subscription.cancel();
    }

    private final class Lines implements Flow.Subscriber<String> {

        private volatile Flow.Subscription subscription;
        private String name;

        @Override
        public void onSubscribe(Flow.Subscription all) {
            subscription = all;
            all.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith("event:")) {
                name = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                try {
                    events.add(new Event(name, JSON.readTree(line.substring("data:".length())), System.nanoTime()));
                } catch (JsonProcessingException e) {
                    throw new AssertionError("no JSON: " + line, e);
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            // the answer has it
        }

        @Override
        public void onComplete() {
            // the answer has it
        }
    }
}
