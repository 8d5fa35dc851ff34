package io.orderstream.event;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;

import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.Lag;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.vertx.core.json.JsonObject;

/** What a test of the running event pipeline works with: the topics from outside, and the application's API. */
abstract class EventPipelineFixture {

    static final SimulatedFaults FAULTS = HalfFailing.FAULTS;

    /** From the test resource. */
    TopicClient topics;

    @TestHTTPResource
    String url;

    @Inject
    EventSettings settings;

    ApiClient api;

    @BeforeEach
    void connect() {
        api = new ApiClient(url);
        // Events of the tests before may still be on their way, or wait for a retry.
        await().atMost(PATIENCE).until(() -> {
            JsonNode stats = api.get("/api/events/stats").body();
            return Lag.isNone(stats)
                    && stats.get("received").asLong() == stats.get("processed").asLong() + stats.get("deadLettered").asLong();
        });
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
