package io.orderstream.api;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import jakarta.inject.Inject;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.event.EventSettings;
import io.orderstream.event.Events;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.TopicClient;
import io.orderstream.tracker.TrackerSettings;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

/** The order pipeline alone. */
@Tag("full")
@QuarkusTest
@TestProfile(PipelinesOffFullTest.Off.class)
@WithTestResource(KafkaAndRegistry.class)
public class PipelinesOffFullTest {

    /** From the test resource. */
    TopicClient topics;

    @TestHTTPResource
    String url;

    @Inject
    EventSettings events;

    @Inject
    TrackerSettings tracker;

    /** The further pipelines are switched off. */
    public static class Off implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("ORDERS_COUNT", "0", "EVENTS_ENABLED", "false", "TRACKER_ENABLED", "false", "EVENTS_COUNT", "10",
                    "ITEM_ORDERS_COUNT", "10");
        }
    }

    @Test
    void shouldNeitherConsumeNorAcceptNorMakeTopicsForWhatIsSwitchedOff() throws ExecutionException, InterruptedException {
        // Given
        ApiClient api = new ApiClient(url);

        // When
        Answer event = api.post("/api/events", Events.event("file-added", "e-1", "f-1").encode());
        Answer order = api.post("/api/item-orders", "{\"order_id\":\"1\",\"user\":\"u\",\"item\":\"i\",\"quantity\":1}");

        // Then
        assertThat(event.status()).isEqualTo(404);
        assertThat(event.text("message")).isEqualTo("this pipeline is switched off, EVENTS_ENABLED=true switches it on");
        assertThat(order.status()).isEqualTo(404);
        assertThat(order.text("message")).isEqualTo("this pipeline is switched off, TRACKER_ENABLED=true switches it on");
        for (String part : List.of("stats", "history", "stream")) {
            Answer off = api.get("/api/pipelines/events/" + part);
            assertThat(off.status()).isEqualTo(404);
            assertThat(off.text("detail")).isEqualTo("the pipeline 'events' is switched off");
        }
        assertThat(api.get("/api/pipelines").body()).extracting(JsonNode::asText).containsExactly("orders");
        assertThat(api.get("/api/events/stats").body().get("partitions")).isEmpty();
        assertThat(api.get("/api/tracker/stats").body().get("received").asInt()).isZero();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.get("/q/health").text("status")).isEqualTo("UP"));
        try (Admin admin = topics.admin()) {
            assertThat(admin.listTopics().names().get()).doesNotContain(events.topic(), events.dlqTopic(), tracker.topic(),
                    tracker.dlqTopic());
        }
    }
}
