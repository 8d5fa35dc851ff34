package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;

import io.orderstream.testsupport.Lag;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.http.TestHTTPResource;

/** What a test of the running order pipeline works with: the topics from outside, the application's API, and its handler. */
abstract class OrderPipelineFixture {

    /** From the test resource. */
    TopicClient topics;

    @TestHTTPResource
    String url;

    @Inject
    OrderSettings settings;

    @Inject
    OrderFormat format;

    @Inject
    RecordingOrderHandler handler;

    OrderApp app;
    OrderTraffic traffic;

    @BeforeEach
    void connect() {
        app = new OrderApp(url);
        traffic = new OrderTraffic(topics, settings, format);
        // Orders of the tests before may still be on their way or in work. One of the retry topic was not received.
        await().atMost(PATIENCE)
                .until(() -> Lag.isNone(app.stats()) && app.finished() >= app.stats().get("received").asLong());
    }
}
