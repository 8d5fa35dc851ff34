package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Flow;

/** Live pages that browsers have open: each listens to a stream of events, over a connection of its own. For one thread. */
final class OpenPages implements AutoCloseable {

    private static final List<String> STREAMS = List.of("/api/stream", "/api/pipelines/orders/stream",
            "/api/pipelines/events/stream", "/api/pipelines/item-orders/stream");

    private final HttpClient http;
    private final String url;
    private final Deque<Page> pages = new ArrayDeque<>();
    private int opened;

    /**
     * @param http with HTTP 1.1, as browsers do without TLS
     * @param url where the application listens
     */
    OpenPages(HttpClient http, String url, int number) {
        this.http = http;
        this.url = url;
        open(number);
    }

    private void open(int number) {
        for (int page = 0; page < number; page++) {
            pages.add(new Page(URI.create(url + STREAMS.get(opened++ % STREAMS.size()))));
        }
        awaitEvents();
    }

    /** Closes the oldest of them, as whoever closes a browser does, and opens as many. */
    void reopen(int number) {
        for (int page = 0; page < number; page++) {
            pages.remove().close();
        }
        open(number);
    }

    /** Waits until each of them has told something that is new. */
    void awaitEvents() {
        pages.forEach(page -> page.events = 0);
        await("an event on each page").atMost(PATIENCE).until(() -> pages.stream().allMatch(page -> page.events > 0));
    }

    @Override
    public void close() {
        pages.forEach(Page::close);
    }

    private final class Page implements Flow.Subscriber<String> {

        private volatile int events;
        private volatile Flow.Subscription subscription;

        Page(URI stream) {
            http.sendAsync(HttpRequest.newBuilder(stream).build(), BodyHandlers.fromLineSubscriber(this));
        }

        void close() {
            subscription.cancel();
        }

        @Override
        public void onSubscribe(Flow.Subscription all) {
            subscription = all;
            all.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith("event:")) {
                events = 1;
            }
        }

        @Override
        public void onError(Throwable failure) {
            // no event will come any more, which is waited for
        }

        @Override
        public void onComplete() {
            // no event will come any more, which is waited for
        }
    }
}
