package io.orderstream.tracker;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.tools.consumer.group.ConsumerGroupCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.TopicClient;

/** The packaged application stops, Kafka's own command resets its group, and it reads everything again. */
@Tag("full")
class TrackerResetIT {

    private static final String LISTENING = "Listening on: (http://[^:]+:\\d+)";
    private static final int ORDERS = 300;
    private static final int PARTITIONS = 3;

    private final Map<String, String> settings = new HashMap<>(PackagedApps.ownTopics());
    private PackagedApps apps;
    private TopicClient topics;

    @BeforeEach
    void writeOrders(@TempDir Path directory) throws IOException {
        apps = new PackagedApps(directory);
        settings.putAll(Map.of("ORDERS_COUNT", "0", "EVENTS_ENABLED", "false"));
        topics = new TopicClient(apps.bootstrapServers());
        topics.create(settings.get("ITEM_ORDERS_TOPIC"), PARTITIONS);
        topics.send(IntStream.range(0, ORDERS).mapToObj(this::order).toList());
    }

    @AfterEach
    void endAll() {
        topics.close();
        apps.close();
    }

    private ProducerRecord<byte[], byte[]> order(int number) {
        String order = number % 50 == 49
                ? "{\"order_id\":\"o-%d\",\"user\":\"u\",\"item\":\"i\",\"quantity\":0}".formatted(number)
                : "{\"order_id\":\"o-%d\",\"user\":\"user-%d\",\"item\":\"item %d\",\"quantity\":%d}".formatted(number,
                        number % 7,
                        number % 3, number % 5 + 1);
        return new ProducerRecord<>(settings.get("ITEM_ORDERS_TOPIC"), number % PARTITIONS, null,
                order.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldGoOnWhereItStoppedAndRebuildTheTotalsExactlyWhenTheGroupIsReset() {
        // Given
        JsonNode first = countAndStop();
        assertThat(first.get("orders").asInt()).isEqualTo(ORDERS - ORDERS / 50);
        assertThat(first.get("deadLettered").asInt()).isEqualTo(ORDERS / 50);
        assertThat(first.get("topUsers")).hasSize(7);
        assertThat(letters()).isEqualTo(ORDERS / 50);

        // When it starts again
        JsonNode second = countAndStop();

        // Then nothing is read again
        assertThat(second).isEqualTo(first);
        assertThat(letters()).isEqualTo(ORDERS / 50);

        // When
        AppProcess reset = command("--reset-offsets", "--to-earliest", "--execute");

        // Then
        assertThat(reset.awaitExit(PATIENCE)).as(reset.lastLines()).isZero();
        JsonNode third = countAndStop();
        assertThat(third).isEqualTo(first);
        assertThat(letters()).as("everything was read again, what is no order as well").isEqualTo(2 * ORDERS / 50);
    }

    /** The command docs/migrating.md shows. */
    private AppProcess command(String... action) {
        List<String> arguments = new ArrayList<>(List.of("--bootstrap-server", apps.bootstrapServers(), "--group",
                settings.get("TRACKER_GROUP_ID"), "--topic", settings.get("ITEM_ORDERS_TOPIC")));
        arguments.addAll(List.of(action));
        return JavaPrograms.start(ConsumerGroupCommand.class, List.of(), Map.of(), arguments.toArray(String[]::new));
    }

    /** What is counted when all is committed. */
    private JsonNode countAndStop() {
        AppProcess app = apps.start(Jdks.own(), settings);
        ApiClient api = new ApiClient(app.awaitLine(LISTENING, PATIENCE).group(1).replace("0.0.0.0", "localhost"));
        await().atMost(PATIENCE).until(
                () -> topics.committed(settings.get("TRACKER_GROUP_ID")).equals(topics.ends(settings.get("ITEM_ORDERS_TOPIC")))
                        && api.get("/api/tracker/stats").body().path("received").asInt() == ORDERS);
        ObjectNode stats = (ObjectNode) api.get("/api/tracker/stats").body();
        app.terminate();
        app.awaitExit(PATIENCE);
        stats.remove(List.of("partitions", "retries", "group"));
        return stats;
    }

    private int letters() {
        return topics.read(settings.get("ITEM_ORDERS_DLQ_TOPIC")).size();
    }
}
