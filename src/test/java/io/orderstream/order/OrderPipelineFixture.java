package io.orderstream.order;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;

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
    }
}
