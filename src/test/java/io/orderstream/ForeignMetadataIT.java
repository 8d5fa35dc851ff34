package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.PackagedApps;

/** A group another program has committed for, with a text of its own, is taken over. */
@Tag("full")
class ForeignMetadataIT {

    private static final int ORDERS = 60;

    @Test
    void shouldReportAForeignTextAndCountFromZeroAtItsOffset(@TempDir Path directory) throws Exception {
        try (PackagedApps apps = new PackagedApps(directory)) {
            // Given
            Map<String, String> settings = PackagedApps.ownTopics();
            AppProcess first = apps.start(Jdks.own(), settings, "ORDERS_COUNT=" + ORDERS, "ORDERS_INTERVAL=1ms",
                    "ERROR_SIMULATION_RATE=0");
            OrderApp before = api(first);
            await().atMost(PATIENCE).until(() -> before.finished() == ORDERS);
            first.terminate();
            first.awaitExit(PATIENCE);
            long inFirstPartition = apps.committedOffsets(settings).get(0);
            assertThat(inFirstPartition).isGreaterThan(1);
            commit(apps, settings, 1, "{\"by\":\"another program\"}");

            // When
            AppProcess second = apps.start(Jdks.own(), settings, "ORDERS_COUNT=0", "ERROR_SIMULATION_RATE=0");
            OrderApp api = api(second);

            // Then
            second.awaitLine("totals start at zero: partition=" + settings.get("ORDERS_TOPIC")
                    + "-0 offset=1 reason=\"the commit's metadata is not orderstream's\"", PATIENCE);
            // Its first record was another program's to count, and the rest of it is ours.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.finished()).isEqualTo(ORDERS - 1));
            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonNode group = api.stats().get("group");
                assertThat(group.get("received").asLong()).isEqualTo(ORDERS - 1);
                assertThat(group.get("processed").asLong()).isEqualTo(ORDERS - 1);
            });
            assertThat(apps.committedOffsets(settings)).containsEntry(0, inFirstPartition);
            assertThat(second.isAlive()).isTrue();
        }
    }

    private static OrderApp api(AppProcess app) {
        return new OrderApp("http://localhost:" + app.awaitLine("Listening on: http://[^:]+:(\\d+)", PATIENCE).group(1));
    }

    private static void commit(PackagedApps apps, Map<String, String> settings, long offset, String metadata)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", apps.bootstrapServers()))) {
            admin.alterConsumerGroupOffsets(settings.get("CONSUMER_GROUP_ID"),
                    Map.of(new TopicPartition(settings.get("ORDERS_TOPIC"), 0), new OffsetAndMetadata(offset, metadata)))
                    .all().get();
        }
    }
}
