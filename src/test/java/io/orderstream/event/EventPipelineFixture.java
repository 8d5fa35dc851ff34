package io.orderstream.event;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.vertx.core.json.JsonObject;

/** What a test of the running event pipeline works with: the topics from outside, and the application's API. */
abstract class EventPipelineFixture {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final SimulatedFaults FAULTS = new SimulatedFaults(0.5);
    static final String CREDENTIALS = "olga:secret";

    /** From the test resource. */
    TopicClient topics;

    @TestHTTPResource
    String url;

    @Inject
    EventSettings settings;

    ApiClient api;

    /** No orders, short delays, half of all events fail one way or the other, and there is an operator. */
    public static class HalfFailing implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(Map.of("ORDERS_COUNT", "0", "RETRY_BACKOFF_SECONDS", "0.05",
                    "EVENTS_ERROR_RATE", Double.toString(FAULTS.rate()), "OPERATOR_USER", "olga", "OPERATOR_PASSWORD",
                    "secret"));
            overrides.put("LOG_LEVEL", "debug");
            return overrides;
        }
    }

    @BeforeEach
    void connect() {
        api = new ApiClient(url);
    }

    Answer post(JsonObject event, String... headers) {
        return api.post("/api/events", event.encode(), headers);
    }

    ConsumerRecord<byte[], byte[]> awaitRecord(String topic, String key) {
        return await().atMost(PATIENCE).until(() -> records(topic, key), found -> !found.isEmpty()).get(0);
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic, String key) {
        return topics.read(topic).stream()
                .filter(record -> record.key() != null && new String(record.key(), StandardCharsets.UTF_8).equals(key))
                .toList();
    }
}
