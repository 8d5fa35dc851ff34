package io.orderstream.api;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.Pipelines;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class InstancesTest {

    @TestHTTPResource
    String url;

    @Inject
    Pipelines pipelines;

    @Test
    void shouldShowThisInstanceInTheGroupsOfAllPipelines() {
        // Given
        List<String> sources = pipelines.running().stream().flatMap(pipeline -> pipeline.sources().stream()
                .map(source -> String.join(" ", pipeline.name(), source.group(), source.topic()))).toList();
        ApiClient api = new ApiClient(url);

        // When
        JsonNode groups = await().atMost(PATIENCE).until(() -> api.get("/api/instances").body(), InstancesTest::isSettled);

        // Then
        List<String> shown = new ArrayList<>();
        groups.forEach(group -> shown.add(String.join(" ", group.get("pipeline").asText(), group.get("group").asText(),
                group.get("topic").asText())));
        assertThat(sources).hasSize(4);
        assertThat(shown).containsExactlyElementsOf(sources);
        assertThat(groups).allSatisfy(group -> {
            assertThat(group.get("memberCount").asInt()).isOne();
            JsonNode member = group.get("members").get(0);
            assertThat(member.get("host").asText()).isEqualTo("127.0.0.1");
            assertThat(member.get("id").asText()).isNotEmpty();
        });
        JsonNode partitions = api.get("/api/orders/stats").body().get("partitions");
        assertThat(groups.findValues("partitions")).anySatisfy(assigned -> assertThat(assigned).hasSameSizeAs(partitions));
    }

    /** Whether this instance is the only member of each, with partitions. */
    private static boolean isSettled(JsonNode groups) {
        for (JsonNode group : groups) {
            JsonNode member = group.path("members").path(0);
            if (!group.path("state").asText().equals("stable") || !member.path("isThis").asBoolean()
                    || member.path("partitions").isEmpty() || !member.path("lag").isNumber()) {
                return false;
            }
        }
        return !groups.isEmpty();
    }
}
